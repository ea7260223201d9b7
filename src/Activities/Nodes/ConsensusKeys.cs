using System.Text;
using System.Text.Json;
using VirtEngine.DR.Contracts.Estates;

namespace VirtEngine.DR.Activities.Nodes;

/// <summary>
/// Says whether a home may sign blocks. Every home holds a <c>priv_validator_key.json</c>; a full node's has no voting power. So the
/// estate's word counts, and where it says "full" the genesis and the configuration are held against it.
/// </summary>
internal static class ConsensusKeys
{
    /// <summary>Why the home may sign; null when nothing says so.</summary>
    public static string? WhyItMaySign(NodeSpec node, NodeHome home)
    {
        var present = File.Exists(home.SigningKey);
        if (node.Kind == NodeKind.Validator)
        {
            return present ? $"it is a validator and '{home.SigningKey}' exists" : null;
        }

        if (RemoteSigner(home) is { } address)
        {
            return $"its config.toml listens for a remote signer on {address}";
        }

        return present && PublicKey(home.SigningKey) is { } key && Mentions(home.Genesis, key)
            ? $"the key in '{home.SigningKey}' is a validator's in its genesis, although the estate calls the node {node.Kind}"
            : null;
    }

    /// <summary>Where its config.toml listens for a remote signer; null where it does not.</summary>
    public static string? RemoteSigner(NodeHome home)
    {
        var file = Path.Combine(home.Path, "config", "config.toml");
        if (!File.Exists(file))
        {
            return null;
        }

        var line = File.ReadLines(file).Select(text => text.Trim()).FirstOrDefault(text => text.StartsWith("priv_validator_laddr", StringComparison.Ordinal));
        var value = line?[(line.IndexOf('=', StringComparison.Ordinal) + 1)..].Split('#')[0].Trim().Trim('"', '\'');
        return string.IsNullOrEmpty(value) ? null : value;
    }

    private static string? PublicKey(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return document.RootElement.TryGetProperty("pub_key", out var key) && key.TryGetProperty("value", out var value) ? value.GetString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool Mentions(string genesis, string key)
    {
        if (!File.Exists(genesis))
        {
            return false;
        }

        // A genesis may be hundreds of megabytes: searched as a stream, with an overlap of a key's length. JSON may escape '+' and '/'.
        byte[][] needles =
        [
            Encoding.UTF8.GetBytes(key),
            Encoding.UTF8.GetBytes(key.Replace("+", "\\u002b", StringComparison.Ordinal)),
            Encoding.UTF8.GetBytes(key.Replace("+", "\\u002B", StringComparison.Ordinal)),
            Encoding.UTF8.GetBytes(key.Replace("/", "\\/", StringComparison.Ordinal)),
        ];
        var overlap = needles.Max(needle => needle.Length);
        using var file = File.OpenRead(genesis);
        var buffer = new byte[(1 << 20) + overlap];
        var kept = 0;
        int read;
        while ((read = file.Read(buffer, kept, buffer.Length - kept)) > 0)
        {
            var span = buffer.AsSpan(0, kept + read);
            if (Array.Exists(needles, needle => buffer.AsSpan(0, kept + read).IndexOf(needle) >= 0))
            {
                return true;
            }

            kept = Math.Min(overlap, span.Length);
            span[^kept..].CopyTo(buffer);
        }

        return false;
    }
}
