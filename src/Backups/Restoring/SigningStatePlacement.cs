namespace VirtEngine.DR.Backups.Restoring;

/// <summary>Has the higher signing state in place before anything moves.</summary>
internal static class SigningStatePlacement
{
    public static void BeforeSwap(SwapRequest request, SwapJournal journal)
    {
        var inPlace = Path.Combine(request.Home, request.SigningStatePath);
        var coming = ComingPath(request, journal);
        var present = SigningStateFile.Read(inPlace);
        var floor = request.SigningFloor is { } state ? SigningStateFile.Create(state) : null;
        var high = SigningStateFile.Higher(present, floor);

        // What lies in the folder that comes in counts too: a swap back finds the old one there, which may be the only one.
        var other = coming is null ? null : SigningStateFile.Read(coming);
        if (high is null && other is null && !request.Keyless && !request.GateGuards)
        {
            throw new BackupException(BackupErrorCodes.SigningStateMissing,
                $"{inPlace} is missing: give a floor above the last height that the chain shows this key signed, or say that the node has no consensus key. Nothing was swapped");
        }

        if (high is null && other is not null && journal.Direction == SwapDirection.Forward && !request.Keyless)
        {
            throw new BackupException(BackupErrorCodes.SigningStateMissing,
                $"{inPlace} is missing and the staged one at {other.State} is of the backup's age: give a floor above the last height that the chain shows this key signed");
        }

        high = SigningStateFile.Higher(high, other);
        if (high is null)
        {
            return;
        }

        if (coming is not null)
        {
            high.Raise(coming);
        }

        if (coming is null || present is not null)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(inPlace)!);
            high.Raise(inPlace);
        }
    }

    /// <summary>Where the signing state lies in the folder that comes in; null when it does not move.</summary>
    private static string? ComingPath(SwapRequest request, SwapJournal journal)
    {
        var first = request.SigningStatePath.Split('/')[0];
        if (journal.Entries.FirstOrDefault(entry => entry.Name == first) is not { Names: null } entry)
        {
            return null;
        }

        if (SwapSteps.IsDone(request, journal, entry))
        {
            return null;
        }

        // Coming in: the staged folder; coming back: the kept one, or the staged place where a forward swap was cut off.
        var folder = journal.Direction == SwapDirection.Forward || !Directory.Exists(journal.Kept) ? journal.Staged : journal.Kept;
        return !entry.Existed && journal.Direction == SwapDirection.Back ? null : Path.Combine(folder, request.SigningStatePath);
    }
}
