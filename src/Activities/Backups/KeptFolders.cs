using System.Globalization;
using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Activities.Nodes;
using VirtEngine.DR.Backups.Restoring;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;

namespace VirtEngine.DR.Activities.Backups;

/// <summary>
/// Former data that swaps kept. Only what a journal or a record of ours names is ever listed or deleted; a folder that merely has such
/// a name is not.
/// </summary>
/// <remarks>
/// A deletion first renames the folder and forgets its journal, durably: killed in the middle, a half deleted folder can never be
/// swapped back, and the next call ends it.
/// </remarks>
internal static class KeptFolders
{
    private const string Condemned = ".virtengine-dropping-";
    private const string Records = "kept-*.json";

    public static async Task<IReadOnlyList<KeptFolder>> ListAsync(NodeHome home, CancellationToken token)
    {
        var found = new List<KeptFolder>();
        foreach (var data in await DataSwap.ListKeptAsync(home.Path, token).ConfigureAwait(false))
        {
            found.AddRange(data.Folders.Select(folder => new KeptFolder(
                Path.GetFileName(folder), folder, Size(folder, token), data.Since, data.Digest, data.Finished ? null : "its swap is not finished: finish it or swap it back first")));
        }

        foreach (var (_, record) in RetiredOf(home).Where(item => Directory.Exists(item.Record.Folder)))
        {
            found.Add(new KeptFolder(Path.GetFileName(record.Folder), record.Folder, Size(record.Folder, token), record.Since, record.Digest, null));
        }

        return [.. found.OrderBy(item => item.Since).ThenBy(item => item.Name, StringComparer.Ordinal)];
    }

    /// <summary>Deletes one listed folder; one that is gone is a success.</summary>
    /// <returns>The bytes that it held.</returns>
    public static async Task<long> DropAsync(NodeHome home, string name, IFence fence, CancellationToken token)
    {
        if (await DataSwap.PendingAsync(home.Path, token).ConfigureAwait(false) is { } pending)
        {
            throw Failures.Permanent(ErrorTypes.Conflict, $"the swap of {pending} in '{home.Path}' is not finished: nothing that swaps kept may be deleted before it is");
        }

        await FinishAsync(home, token).ConfigureAwait(false);
        var kept = (await ListAsync(home, token).ConfigureAwait(false)).FirstOrDefault(item => item.Name == name);
        if (kept is null)
        {
            return 0;
        }

        fence.EnsureCurrent();
        var parent = Path.GetDirectoryName(kept.Folder)!;
        var condemned = Path.Combine(parent, string.Create(CultureInfo.InvariantCulture, $"{Condemned}{DateTimeOffset.UtcNow.UtcTicks:x}"));
        Directory.Move(kept.Folder, condemned);
        DurableFile.SyncFolder(parent);
        foreach (var (path, _) in RetiredOf(home).Where(item => item.Record.Folder == kept.Folder))
        {
            DurableFile.Delete(path);
        }

        await DataSwap.ForgetAsync(home.Path, kept.Digest, token).ConfigureAwait(false);
        await FinishAsync(home, token).ConfigureAwait(false);
        return kept.Bytes;
    }

    /// <summary>Renames a finished swap's kept folder and lets its journal go, so that the same backup can be swapped in again.</summary>
    public static void Retire(NodeHome home, string digest, string folder)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        var number = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var target = string.Create(CultureInfo.InvariantCulture, $"{folder}-{number}");
        var record = Path.Combine(home.Private, string.Create(CultureInfo.InvariantCulture, $"kept-{digest[..32]}-{number}.json"));
        DurableFile.WriteJson(record, new KeptRecord(digest, target, DateTimeOffset.UtcNow));
        Directory.Move(folder, target);
        DurableFile.SyncFolder(Path.GetDirectoryName(folder)!);
    }

    private static IEnumerable<(string Path, KeptRecord Record)> RetiredOf(NodeHome home) => Directory.Exists(home.Private)
        ? Directory.EnumerateFiles(home.Private, Records).Order(StringComparer.Ordinal)
            .Select(path => (Path: path, Record: DurableFile.ReadJson<KeptRecord>(path))).Where(item => item.Record is not null).Select(item => (item.Path, item.Record!))
        : [];

    /// <summary>Ends deletions that were cut off: these folders have no journal any more.</summary>
    private static Task FinishAsync(NodeHome home, CancellationToken token) => Task.Run(
        () =>
        {
            foreach (var parent in new[] { Path.Combine(home.Private, "restore"), home.Data }.Where(Directory.Exists))
            {
                foreach (var folder in Directory.EnumerateDirectories(parent, Condemned + "*"))
                {
                    token.ThrowIfCancellationRequested();
                    Directory.Delete(folder, recursive: true);
                }
            }
        },
        token);

    private static long Size(string folder, CancellationToken token)
    {
        long bytes = 0;
        var all = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*", all))
        {
            token.ThrowIfCancellationRequested();
            bytes += file.Length;
        }

        return bytes;
    }
}
