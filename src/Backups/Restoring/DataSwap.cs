using VirtEngine.DR.Backups.Storage;

namespace VirtEngine.DR.Backups.Restoring;

/// <summary>Puts a staged restore in the place of a stopped node's data, keeps the former folders, and can put them back.</summary>
/// <remarks>
/// The signing state is the only guard against signing twice: the higher one is in place before anything moves, in both directions,
/// and nothing here ever lowers it. While <see cref="PendingAsync"/> names a swap the node must not be started.
/// </remarks>
public static class DataSwap
{
    /// <summary>Swaps. Run again after a crash with the same request it goes on to the end; a finished one again changes nothing.</summary>
    /// <exception cref="BackupException"><c>signing-state-missing</c>, <c>signing-state-unreadable</c>, <c>swap-conflict</c>, <c>staging-mismatch</c>.</exception>
    public static Task<SwapResult> SwapAsync(SwapRequest request, CancellationToken cancellationToken) =>
        Task.Run(() => Forward(request, MountPoints.IsMountPoint), cancellationToken);

    /// <summary>Puts the kept folders back. The signing state never falls: the higher one is in place before.</summary>
    /// <exception cref="BackupException"><c>swap-conflict</c> when there is nothing to put back.</exception>
    public static Task<SwapResult> SwapBackAsync(SwapRequest request, CancellationToken cancellationToken) =>
        Task.Run(() => Back(request), cancellationToken);

    /// <summary>The digest of a swap that is not finished in this home, or null. While there is one the node must not be started.</summary>
    public static Task<string?> PendingAsync(string home, CancellationToken cancellationToken) =>
        Task.Run(() => SwapJournal.ReadAll(home).FirstOrDefault(journal => !journal.Finished)?.Digest, cancellationToken);

    /// <summary>Whether the restored folders of this digest are in place: then a step that runs twice need not stage them again.</summary>
    public static Task<bool> IsInPlaceAsync(string home, string digest, CancellationToken cancellationToken) =>
        Task.Run(() => SwapJournal.Read(home, digest) is { Direction: SwapDirection.Forward, Finished: true }, cancellationToken);

    /// <summary>What the journals of this home name beside the data: folders that were swapped out and are still there.</summary>
    public static Task<IReadOnlyList<KeptData>> ListKeptAsync(string home, CancellationToken cancellationToken) => Task.Run<IReadOnlyList<KeptData>>(
        () =>
        [
            .. SwapJournal.ReadAll(home).Select(journal => new KeptData(
                journal.Digest,
                [.. new[] { journal.Kept, journal.Staged }.Where(Directory.Exists)],
                journal.Finished,
                File.GetLastWriteTimeUtc(SwapJournal.PathOf(home, journal.Digest)))),
        ],
        cancellationToken);

    /// <summary>Forgets a finished swap of which nothing is kept any more; one that still names a folder stays.</summary>
    public static Task ForgetAsync(string home, string digest, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            if (SwapJournal.Read(home, digest) is { Finished: true } journal && !Directory.Exists(journal.Kept) && !Directory.Exists(journal.Staged))
            {
                File.Delete(SwapJournal.PathOf(home, digest));
                LinuxFiles.SyncFolder(home);
            }
        },
        cancellationToken);

    /// <summary>Deletes what a finished swap kept, once the node is proven healthy.</summary>
    public static Task DropKeptAsync(string home, string digest, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            if (SwapJournal.Read(home, digest) is not { } journal)
            {
                return;
            }

            if (!journal.Finished)
            {
                throw new BackupException(BackupErrorCodes.SwapConflict, $"{home}: the swap {digest} is not finished; finish it or swap back before what it kept is deleted");
            }

            foreach (var folder in new[] { journal.Kept, journal.Staged }.Where(Directory.Exists))
            {
                Directory.Delete(folder, recursive: true);
            }

            File.Delete(SwapJournal.PathOf(home, digest));
            LinuxFiles.SyncFolder(home);
        },
        cancellationToken);

    internal static SwapResult Forward(SwapRequest request, Func<string, bool> isMountPoint)
    {
        RefuseOthers(request);
        var journal = SwapJournal.Read(request.Home, request.Digest);
        if (journal is null or { Direction: SwapDirection.Back, Finished: true })
        {
            journal = SwapPlan.Forward(request, isMountPoint);
            SigningStatePlacement.BeforeSwap(request, journal);
            journal.Write(request.Home);
        }
        else if (journal.Direction == SwapDirection.Back)
        {
            throw new BackupException(BackupErrorCodes.SwapConflict, $"{request.Home}: a swap back of {request.Digest} is not finished; finish that first");
        }
        else if (!journal.Finished)
        {
            SigningStatePlacement.BeforeSwap(request, journal);
        }

        if (!journal.Finished)
        {
            SwapSteps.Run(request, journal);
            journal = journal with { Finished = true };
            journal.Write(request.Home);
        }

        return Result(request, journal);
    }

    internal static SwapResult Back(SwapRequest request)
    {
        RefuseOthers(request);
        var journal = SwapJournal.Read(request.Home, request.Digest)
            ?? throw new BackupException(BackupErrorCodes.SwapConflict, $"{request.Home}: no swap of {request.Digest} is known here; there is nothing to put back");
        if (journal.Direction == SwapDirection.Forward)
        {
            if (journal.Finished && journal.Entries.Any(entry => entry.Existed) && !Directory.Exists(journal.Kept))
            {
                throw new BackupException(BackupErrorCodes.SwapConflict, $"{request.Home}: what the swap of {request.Digest} kept in {journal.Kept} is gone; there is nothing to put back");
            }

            journal = SwapPlan.Back(request, journal);
            SigningStatePlacement.BeforeSwap(request, journal);
            journal.Write(request.Home);
        }
        else if (!journal.Finished)
        {
            SigningStatePlacement.BeforeSwap(request, journal);
        }

        if (!journal.Finished)
        {
            SwapSteps.Run(request, journal);
            journal = journal with { Finished = true };
            journal.Write(request.Home);
        }

        return Result(request, journal);
    }

    private static void RefuseOthers(SwapRequest request)
    {
        if (request.Digest.Length != 64)
        {
            throw new BackupException(BackupErrorCodes.OptionsInvalid, "the digest of a swap is a manifest's SHA-256, 64 hexadecimal digits");
        }

        if (SwapJournal.ReadAll(request.Home).FirstOrDefault(journal => !journal.Finished && journal.Digest != request.Digest) is { } other)
        {
            throw new BackupException(BackupErrorCodes.SwapConflict, $"{request.Home}: the swap of {other.Digest} is not finished; finish it or swap it back first");
        }
    }

    private static SwapResult Result(SwapRequest request, SwapJournal journal) => new(
        journal.Direction == SwapDirection.Forward ? journal.Kept : journal.Staged,
        [.. journal.Entries.Select(entry => entry.Name)],
        journal.Entries.Any(entry => entry.Names is not null) ? "entry-by-entry" : "exchange",
        SigningStateFile.Read(Path.Combine(request.Home, request.SigningStatePath))?.State);
}
