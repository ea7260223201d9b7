using System.Runtime.CompilerServices;
using System.Text;
using VirtEngine.DR.Backups.Snapshots.Native;

namespace VirtEngine.DR.Backups.Snapshots.Staging;

/// <summary>
/// The short part, while the node stands still: the frozen listing is the truth. It is played once before on the running node, so that
/// everything is compiled and the kernel's caches are warm, and so that the size of the delta is known.
/// </summary>
internal sealed class DeltaPass(FileRules rules, FileCopier copier, long settledBefore, bool rehearsal)
{
    private static readonly byte[] Scratch = ".rehearsal\0"u8.ToArray();
    /// <summary>Files that were copied (in a rehearsal: would be).</summary>
    public int CopiedFiles { get; private set; }

    /// <summary>Bytes that were copied (in a rehearsal: would be).</summary>
    public long CopiedBytes { get; private set; }

    /// <summary>Takes a folder and all below it.</summary>
    public void Run(StagedFolder folder)
    {
        FolderListing.Classify(folder, rules);
        folder.Kept.EnsureCapacity(folder.Files.Count + 64);
        var visitor = new Visitor { Pass = this, Folder = folder };
        folder.Live.Visit(ref visitor);
        foreach (var name in visitor.Folders ?? [])
        {
            if (folder.Child(name) is { } child)
            {
                Run(child);
            }
            else if (!rehearsal)
            {
                throw new SnapshotException(SnapshotErrors.StagingRaced, $"'{folder.Path}/{Text(name)}' vanished during the pause");
            }
        }
    }

    private static string Text(ReadOnlySpan<byte> name) => Encoding.UTF8.GetString(name[..^1]);

    private bool Denies(StagedFolder folder, ReadOnlySpan<byte> name) => rules.DeniesFolder(folder.Path + "/" + Text(name));

    // Compiled at its best at once: what runs only twice would never be compiled again, and the node waits for the second time.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void File(StagedFolder folder, ulong inode, ReadOnlySpan<byte> name)
    {
        if (folder.Files.TryGetValue(inode, out var staged) && (!staged.Linked || name.SequenceEqual(staged.Name)))
        {
            if (staged.Linked && staged.Settled)
            {
                Keep(folder, staged);
                return;
            }

            if (staged.Linked ? KeepLink(folder, staged) : KeepPrefix(folder, staged, name))
            {
                return;
            }
        }

        if (!rules.DeniesFile(folder.Path, name) && (!FileRules.Links(folder.Kind, name) || !LinkNow(folder, name)))
        {
            CopyNow(folder, name);
        }
    }

    private void Keep(StagedFolder folder, StagedFile file)
    {
        if (!rehearsal)
        {
            folder.Kept.Add(file);
        }
    }

    private bool KeepLink(StagedFolder folder, StagedFile file)
    {
        // Read through our link: it is the very inode of the frozen name, which the listing just said.
        if (!FileStat.TryRead(folder.Staging.File, file.StagedName, out var stat) || stat.Inode != file.Stat.Inode)
        {
            return false;
        }

        file.Stat = stat;
        Keep(folder, file);
        return true;
    }

    private bool KeepPrefix(StagedFolder folder, StagedFile file, ReadOnlySpan<byte> name)
    {
        if (!FileStat.TryRead(file.Held, out var stat) || stat.Size < file.Copied)
        {
            return false;
        }

        CopiedFiles++;
        CopiedBytes += stat.Size - file.Copied;
        if (rehearsal)
        {
            return true;
        }

        if (stat.Size > file.Copied)
        {
            var to = FileCopier.OpenStaged(folder.Staging, file.StagedName);
            file.Copied = copier.Copy(file.Held, to, file.Copied, stat.Size);
            _ = Posix.Close(to);
        }

        if (!name.SequenceEqual(file.Name))
        {
            file.Name = name.ToArray();
        }

        file.Stat = stat;
        Keep(folder, file);
        return true;
    }

    private bool LinkNow(StagedFolder folder, ReadOnlySpan<byte> name)
    {
        if (Linker.Link(folder, name, settledBefore) is not { } linked)
        {
            return Vanished(folder, name);
        }

        if (rehearsal)
        {
            folder.Files[linked.Stat.Inode] = linked;
        }

        Keep(folder, linked);
        return true;
    }

    private void CopyNow(StagedFolder folder, ReadOnlySpan<byte> name)
    {
        var from = FileCopier.OpenLive(folder.Live, name);
        if (from < 0)
        {
            if (Posix.Error == Posix.IsLink)
            {
                throw Unfit(folder, name, "a symbolic link");
            }

            Vanished(folder, name);
            return;
        }

        try
        {
            if (!FileStat.TryRead(from, out var stat) || !stat.Regular)
            {
                return;
            }

            var staged = rehearsal ? Scratch : name.ToArray();
            var to = FileCopier.CreateStaged(folder.Staging, staged);
            for (var attempt = 1; to < 0; attempt++)
            {
                staged = [.. name[..^1], .. Encoding.ASCII.GetBytes($".{attempt}"), 0];
                to = FileCopier.CreateStaged(folder.Staging, staged);
            }

            CopiedFiles++;
            CopiedBytes += stat.Size;
            var copied = copier.Copy(from, to, 0, rehearsal ? Math.Min(stat.Size, 64 << 10) : stat.Size);
            _ = Posix.Close(to);
            if (rehearsal)
            {
                Linker.Unlink(folder.Staging, staged);
            }
            else if (copied != stat.Size)
            {
                throw new SnapshotException(SnapshotErrors.StagingRaced, $"'{folder.Path}/{Text(name)}' shrank during the pause");
            }

            Keep(folder, new StagedFile(staged, linked: false) { Name = name.ToArray(), Stat = stat, Copied = copied });
        }
        finally
        {
            _ = Posix.Close(from);
        }
    }

    private bool Vanished(StagedFolder folder, ReadOnlySpan<byte> name) => rehearsal ? true
        : throw new SnapshotException(SnapshotErrors.StagingRaced, $"'{folder.Path}/{Text(name)}' vanished during the pause (errno {Posix.Error})");

    private static SnapshotException Unfit(StagedFolder folder, ReadOnlySpan<byte> name, string what) => new(
        SnapshotErrors.LayoutInvalid, $"'{folder.Path}/{Text(name)}' is {what}: what it leads to cannot be taken in the same instant; use method 'external'");

    private struct Visitor : IFolderVisitor
    {
        public required DeltaPass Pass;
        public required StagedFolder Folder;
        public List<byte[]>? Folders;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Visit(ulong inode, EntryType type, ReadOnlySpan<byte> name)
        {
            if (type == EntryType.Unknown && FileStat.TryRead(Folder.Live.File, name, out var stat))
            {
                type = stat.Regular ? EntryType.Regular : stat.Folder ? EntryType.Folder : stat.Link ? EntryType.Link : EntryType.Socket;
            }

            switch (type)
            {
                case EntryType.Regular:
                    Pass.File(Folder, inode, name);
                    break;
                case EntryType.Folder when !Pass.Denies(Folder, name):
                    (Folders ??= []).Add(name.ToArray());
                    break;
                case EntryType.Link:
                    throw Unfit(Folder, name, "a symbolic link");
            }
        }
    }
}
