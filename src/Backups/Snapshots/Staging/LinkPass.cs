using VirtEngine.DR.Backups.Snapshots.Native;

namespace VirtEngine.DR.Backups.Snapshots.Staging;

/// <summary>The long part, while the node runs: links every table and copies what is only appended to, as far as it is now.</summary>
/// <param name="rules">What is what.</param>
/// <param name="copier">Copies.</param>
/// <param name="settledBefore">Tables modified before this time (nanoseconds since the epoch) count as settled.</param>
internal sealed class LinkPass(FileRules rules, FileCopier copier, long settledBefore)
{
    private const long WorthCopying = 64 << 10;

    /// <summary>Stages a folder and all below it.</summary>
    public void Run(StagedFolder folder, CancellationToken cancellationToken)
    {
        FolderListing.Classify(folder, rules);
        var probed = folder.Kind is DatabaseKind.None or DatabaseKind.Wal;
        foreach (var (type, name) in FolderListing.Of(folder.Live))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (type == EntryType.Folder)
            {
                if (!rules.DeniesFolder(folder.Path + "/" + System.Text.Encoding.UTF8.GetString(name[..^1])) && folder.Child(name) is { } child)
                {
                    Run(child, cancellationToken);
                }
            }
            else if (type == EntryType.Regular)
            {
                if (!probed)
                {
                    Linker.TryOut(folder, name);
                    probed = true;
                }

                Stage(folder, name);
            }
        }
    }

    private void Stage(StagedFolder folder, byte[] name)
    {
        if (rules.DeniesFile(folder.Path, name))
        {
            return;
        }

        if (FileRules.Links(folder.Kind, name))
        {
            if (Linker.Link(folder, name, settledBefore) is { } linked)
            {
                folder.Files[linked.Stat.Inode] = linked;
            }
        }
        else if (rules.AppendsOnly(folder.Kind, folder.Path, name))
        {
            CopyPrefix(folder, name);
        }
    }

    private void CopyPrefix(StagedFolder folder, byte[] name)
    {
        var from = FileCopier.OpenLive(folder.Live, name);
        if (from < 0)
        {
            return;
        }

        if (!FileStat.TryRead(from, out var stat) || !stat.Regular || stat.Size < WorthCopying || folder.Files.ContainsKey(stat.Inode))
        {
            _ = Posix.Close(from);
            return;
        }

        var to = FileCopier.CreateStaged(folder.Staging, name);
        if (to < 0)
        {
            _ = Posix.Close(from);
            return;
        }

        var file = new StagedFile(name, linked: false) { Name = name, Stat = stat, Held = from };
        folder.Files[stat.Inode] = file;
        try
        {
            file.Copied = copier.Copy(from, to, 0, stat.Size);
        }
        finally
        {
            _ = Posix.Close(to);
        }
    }
}
