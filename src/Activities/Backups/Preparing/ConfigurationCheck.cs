using System.Text;
using System.Text.Json;
using Tomlyn.Parsing;
using VirtEngine.DR.Backups.Snapshots;

namespace VirtEngine.DR.Activities.Backups.Preparing;

/// <summary>Whether a configuration file can be right: it parses, its genesis is this chain's, and it does not move the signing state.</summary>
internal static class ConfigurationCheck
{
    /// <summary>Why a file cannot be right; null where nothing speaks against it.</summary>
    /// <param name="relative">Its path in the home.</param>
    /// <param name="bytes">Its bytes.</param>
    /// <param name="chainId">The estate's chain.</param>
    public static string? Damage(string relative, byte[] bytes, string chainId)
    {
        try
        {
            return Path.GetExtension(relative) switch
            {
                ".toml" => Toml(bytes),
                ".json" when Path.GetFileName(relative) == "genesis.json" => Genesis(bytes, chainId),
                ".json" => Json(bytes),
                _ => null,
            };
        }
        catch (DecoderFallbackException)
        {
            return "it is not text";
        }
    }

    /// <summary>Why a <c>config.toml</c> must not come from a backup: it names other places for what must stay where it is.</summary>
    /// <param name="home">The home.</param>
    /// <param name="coming">The folder that is laid out like the home, with the backup's configuration in it.</param>
    public static string? Moves(string home, string coming)
    {
        var (now, then) = (NodeLayout.Read(home), NodeLayout.Read(coming));
        (string What, string Now, string Then)[] places =
        [
            ("the signing state", now.SigningStateFile, then.SigningStateFile), ("the signing key", now.SigningKeyFile, then.SigningKeyFile),
            ("the databases", now.DatabaseFolder, then.DatabaseFolder), ("the node key", now.NodeKeyFile, then.NodeKeyFile),
        ];
        var moved = places.Where(place => place.Now != place.Then).Select(place => $"{place.What} is {place.Now} now and {place.Then} in the backup").ToArray();
        return moved.Length == 0 ? null : string.Join("; ", moved);
    }

    private static string? Toml(byte[] bytes)
    {
        try
        {
            _ = SyntaxParser.ParseStrict(Text(bytes));
            return null;
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException or Tomlyn.TomlException)
        {
            return "it is not TOML: " + e.Message;
        }
    }

    private static string? Json(byte[] bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            return null;
        }
        catch (JsonException e)
        {
            return "it is not JSON: " + e.Message;
        }
    }

    private static string? Genesis(byte[] bytes, string chainId)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            var id = document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("chain_id", out var value) ? value.GetString() : null;
            return id == chainId ? null : $"it is the genesis of chain '{id}', not of '{chainId}'";
        }
        catch (JsonException e)
        {
            return "it is not JSON: " + e.Message;
        }
    }

    private static string Text(byte[] bytes) => new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes);
}
