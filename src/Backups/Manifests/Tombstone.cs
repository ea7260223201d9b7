using System.Text.Json;

namespace VirtEngine.DR.Backups.Manifests;

/// <summary>Lies at a manifest's key for ever where a backup was pruned or given up, so that no late write can bring it back.</summary>
/// <param name="At">When.</param>
/// <param name="Reason">Why.</param>
/// <param name="Type">Always <c>virtengine-dr-tombstone</c>.</param>
internal sealed record Tombstone(DateTimeOffset At, string Reason, string Type)
{
    private const string TypeName = "virtengine-dr-tombstone";

    public static byte[] Create(DateTimeOffset now, string reason) => JsonSerializer.SerializeToUtf8Bytes(new Tombstone(now, reason, TypeName), BackupJson.Options);

    public static Tombstone? TryParse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > 4096 || bytes.IndexOf("virtengine-dr-tombstone"u8) < 0)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<Tombstone>(bytes, BackupJson.Options) is { Type: TypeName } tombstone ? tombstone : null;
        }
        catch (JsonException)
        {
            // Not a tombstone: the manifest's own checks will say what it is.
            return null;
        }
    }
}
