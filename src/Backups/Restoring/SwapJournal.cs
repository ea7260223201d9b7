using System.Text.Json;
using VirtEngine.DR.Backups.Storage;

namespace VirtEngine.DR.Backups.Restoring;

/// <summary>What a swap is about to do, fsynced in the home before its first rename: whatever comes, the next call knows where it was.</summary>
/// <param name="Digest">The manifest's.</param>
/// <param name="Direction">Forward or back.</param>
/// <param name="Entries">The home's entries that are swapped.</param>
/// <param name="Finished">Whether it got to its end.</param>
/// <param name="Staged">The staged folder's absolute path.</param>
internal sealed record SwapJournal(string Digest, SwapDirection Direction, IReadOnlyList<SwapEntry> Entries, bool Finished, string Staged)
{
    private const string Prefix = ".virtengine-swap-";

    public static string PathOf(string home, string digest) => Path.Combine(home, $"{Prefix}{digest[..32]}.json");

    /// <summary>The folder that keeps what was swapped out: the staged folder's place, under another name.</summary>
    public string Kept => Path.Combine(Path.GetDirectoryName(Staged)!, ".virtengine-kept-" + Digest[..32]);

    public static SwapJournal? Read(string home, string digest) => Load(PathOf(home, digest));

    public static IReadOnlyList<SwapJournal> ReadAll(string home) =>
        Directory.Exists(home) ? [.. Directory.EnumerateFiles(home, Prefix + "*.json").Select(Load).OfType<SwapJournal>()] : [];

    public void Write(string home) => LinuxFiles.WriteDurably(PathOf(home, Digest), JsonSerializer.SerializeToUtf8Bytes(this, BackupJson.Options));

    private static SwapJournal? Load(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<SwapJournal>(File.ReadAllBytes(path), BackupJson.Options) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw new BackupException(BackupErrorCodes.SwapConflict, $"{path} is not readable ({e.Message}): compare the home with its kept and staged folders by hand before the node starts", e);
        }
    }
}
