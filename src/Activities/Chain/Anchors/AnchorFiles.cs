using System.Globalization;
using System.Text.Json;
using VirtEngine.DR.Activities.Backups;
using VirtEngine.DR.Backups;
using VirtEngine.DR.Backups.Signing;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Estates;

namespace VirtEngine.DR.Activities.Chain.Anchors;

/// <summary>How anchors lie in a bucket: <c>anchors/&lt;chain&gt;/&lt;time&gt;-&lt;height&gt;.json</c> and <c>.sig</c> beside it.</summary>
internal static class AnchorFiles
{
    /// <summary>Of both files.</summary>
    public const int MostBytes = 64 << 10;

    private const string Json = ".json";
    private const string TimeForm = "yyyyMMdd'T'HHmmss'Z'";

    /// <summary>Where a chain's anchors are.</summary>
    public static string Folder(string chain) => $"anchors/{chain}/";

    /// <summary>The key of an anchor.</summary>
    public static string KeyOf(TrustAnchor anchor) =>
        string.Create(CultureInfo.InvariantCulture, $"{Folder(anchor.ChainId)}{anchor.At.UtcDateTime.ToString(TimeForm, CultureInfo.InvariantCulture)}-{anchor.Height:D12}{Json}");

    /// <summary>The key of its signature.</summary>
    public static string SignatureOf(string key) => key[..^Json.Length] + ".sig";

    /// <summary>Time and height of a key; null where it is no anchor's.</summary>
    public static (DateTimeOffset At, long Height)? Parse(string key)
    {
        var name = key[(key.LastIndexOf('/') + 1)..];
        var parts = name.EndsWith(Json, StringComparison.Ordinal) ? name[..^Json.Length].Split('-') : [];
        return parts.Length == 2
            && DateTimeOffset.TryParseExact(parts[0], TimeForm, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at)
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var height)
            ? (at, height) : null;
    }

    /// <summary>The anchor as the bytes that are signed.</summary>
    public static byte[] Write(TrustAnchor anchor) => JsonSerializer.SerializeToUtf8Bytes(anchor, DrDataConverter.JsonOptions);

    /// <summary>Believes an anchor, or throws why not.</summary>
    /// <exception cref="BackupException">The signature is not good, or the signed text is not an anchor of this chain.</exception>
    public static (TrustAnchor Anchor, string KeyId) Verify(NodeSlice slice, byte[] body, byte[]? signature, string what)
    {
        TrustAnchor anchor;
        try
        {
            anchor = JsonSerializer.Deserialize<TrustAnchor>(body, DrDataConverter.JsonOptions) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw new BackupException(BackupErrorCodes.SignatureWrong, $"{what} is not a trust anchor: {e.Message}", e);
        }

        // Who it names as its signer only chooses the scope that the key must be allowed; the signature covers the name.
        var key = DocumentSignature.Verify(body, signature, RepositoryAccess.Trust(slice), new BackupScope(slice.Target.Chain.Id, anchor.Signer, AnchorRules.Kind), what);
        return anchor.ChainId == slice.Target.Chain.Id && anchor is { Format: 1, Height: > 0, Hash.Length: 64 }
            ? (anchor, key)
            : throw new BackupException(BackupErrorCodes.SignatureScope, $"{what} is of chain '{anchor.ChainId}', height {anchor.Height}, form {anchor.Format}: not one of '{slice.Target.Chain.Id}'");
    }
}
