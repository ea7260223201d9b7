using VirtEngine.DR.Backups.Storage;

namespace VirtEngine.DR.Backups.Restoring;

/// <summary>The renames, each of which knows whether it was done: run again, the rest is done.</summary>
internal static class SwapSteps
{
    /// <summary>Called before each rename: where a test is killed.</summary>
    internal static AsyncLocal<Action?> BeforeRename { get; } = new();

    public static void Run(SwapRequest request, SwapJournal journal)
    {
        var forward = journal.Direction == SwapDirection.Forward;
        var away = AwayFolder(journal);
        foreach (var entry in journal.Entries)
        {
            if (entry.Names is not null)
            {
                MoveNames(request, journal, entry);
            }
            else if (!IsDone(request, journal, entry))
            {
                Swap(Path.Combine(request.Home, entry.Name), Path.Combine(away, entry.Name), entry.Existed, forward);
            }
        }

        // What was staged holds the former folders now: it gets the name that says so, and its own back.
        var (from, to) = forward ? (journal.Staged, journal.Kept) : (journal.Kept, journal.Staged);
        if (journal.Entries.All(entry => entry.Names is null) && Directory.Exists(from))
        {
            MoveNew(from, to);
            LinuxFiles.SyncFolder(Path.GetDirectoryName(to)!);
        }

        LinuxFiles.SyncFolder(request.Home);
        if (forward)
        {
            GiveToOwner(request, journal);
        }
    }

    /// <summary>Whether the entry is where this direction wants it: the restored one is known by its inode.</summary>
    public static bool IsDone(SwapRequest request, SwapJournal journal, SwapEntry entry)
    {
        var restoredIsInPlace = FileStatus.Of(Path.Combine(request.Home, entry.Name)) is { } status && status.Device == entry.Device && status.Inode == entry.Inode;
        return restoredIsInPlace == (journal.Direction == SwapDirection.Forward);
    }

    private static string AwayFolder(SwapJournal journal) =>
        journal.Direction == SwapDirection.Back && Directory.Exists(journal.Kept) ? journal.Kept : journal.Staged;

    private static void Swap(string inPlace, string away, bool existed, bool forward)
    {
        if (existed)
        {
            Exchange(inPlace, away);
        }
        else if (forward)
        {
            MoveNew(away, inPlace);
        }
        else
        {
            MoveNew(inPlace, away);
        }

        LinuxFiles.SyncFolder(Path.GetDirectoryName(inPlace)!);
        LinuxFiles.SyncFolder(Path.GetDirectoryName(away)!);
    }

    private static void MoveNames(SwapRequest request, SwapJournal journal, SwapEntry entry)
    {
        var inPlace = Path.Combine(request.Home, entry.Name);
        var staged = Path.Combine(journal.Staged, entry.Name);
        var kept = Path.Combine(journal.Kept, entry.Name);
        var (outTo, inFrom) = journal.Direction == SwapDirection.Forward ? (kept, staged) : (staged, kept);
        Directory.CreateDirectory(outTo);
        LinuxFiles.SyncFolder(Path.GetDirectoryName(outTo)!);
        LinuxFiles.SyncFolder(Path.GetDirectoryName(Path.GetDirectoryName(outTo)!)!);
        foreach (var name in entry.Names!.Outgoing)
        {
            if (FileStatus.Of(Path.Combine(outTo, name)) is null)
            {
                MoveNew(Path.Combine(inPlace, name), Path.Combine(outTo, name));
            }
        }

        // All that goes out is out, durably, before anything comes in: a name is never two things.
        LinuxFiles.SyncFolder(outTo);
        LinuxFiles.SyncFolder(inPlace);
        foreach (var name in entry.Names.Incoming)
        {
            if (FileStatus.Of(Path.Combine(inFrom, name)) is not null)
            {
                MoveNew(Path.Combine(inFrom, name), Path.Combine(inPlace, name));
            }
        }

        LinuxFiles.SyncFolder(inFrom);
        LinuxFiles.SyncFolder(inPlace);
    }

    /// <summary>Last of all: what came in belongs to whom the former one belonged to. Killed before it the node cannot open its data, which is safe.</summary>
    private static void GiveToOwner(SwapRequest request, SwapJournal journal)
    {
        foreach (var entry in journal.Entries)
        {
            var former = FileStatus.Of(Path.Combine(journal.Kept, entry.Name)) ?? FileStatus.Of(request.Home)!.Value;
            if (entry.Names is not null)
            {
                former = FileStatus.Of(Path.Combine(request.Home, entry.Name))!.Value;
                foreach (var name in entry.Names.Incoming)
                {
                    FileStatus.ChangeOwner(Path.Combine(request.Home, entry.Name, name), former.User, former.Group);
                }
            }
            else
            {
                FileStatus.ChangeOwner(Path.Combine(request.Home, entry.Name), former.User, former.Group);
            }
        }
    }

    private static void Exchange(string left, string right)
    {
        BeforeRename.Value?.Invoke();
        LinuxFiles.Exchange(left, right);
    }

    private static void MoveNew(string from, string to)
    {
        BeforeRename.Value?.Invoke();
        LinuxFiles.MoveNew(from, to);
    }
}
