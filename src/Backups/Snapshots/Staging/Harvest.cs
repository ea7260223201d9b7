using System.Buffers.Binary;
using System.Text;
using VirtEngine.DR.Backups.Snapshots.Native;

namespace VirtEngine.DR.Backups.Snapshots.Staging;

/// <summary>After the pause: drops what the frozen listing had not, checks what was taken as known, and finds private keys by content.</summary>
internal static class Harvest
{
    private const int FooterBytes = 48;
    private const ulong TableMagic = 0xdb4775248b80fb57;

    /// <summary>The files of a folder and all below it.</summary>
    /// <exception cref="SnapshotException"><see cref="SnapshotErrors.StagingRaced"/>: a settled table was written to.</exception>
    public static void Collect(StagedFolder folder, List<CapturedFile> into)
    {
        var kept = folder.Kept.ToHashSet();
        foreach (var dropped in folder.Files.Values.Where(file => !kept.Contains(file)))
        {
            Linker.Unlink(folder.Staging, dropped.StagedName);
        }

        Rename(folder);
        foreach (var file in folder.Kept)
        {
            var source = folder.StagingPath + "/" + Text(file.StagedName);
            if (file.Settled)
            {
                CheckSettled(folder, file);
            }
            else if (!file.Linked && folder.Kind is DatabaseKind.None && PrivateKeys.Has(source))
            {
                Linker.Unlink(folder.Staging, file.StagedName);
                continue;
            }

            var whole = file.Linked && (file.Settled || (folder.Kind == DatabaseKind.GoLevelDb && HasFooter(source, file.Stat.Size)));
            into.Add(new CapturedFile(
                new SnapshotFile(
                    folder.Path + "/" + Text(file.Name), file.Stat.Size, file.Stat.Permissions, whole, file.Linked ? file.Stat.Identity : null,
                    whole && folder.Kind == DatabaseKind.GoLevelDb ? ContentFormat.LevelDbTable : ContentFormat.Opaque),
                source));
        }

        foreach (var child in folder.Folders.Values)
        {
            Collect(child, into);
        }
    }

    /// <summary>Where a name was taken inside the pause, another was used: now staging mirrors the frozen tree name by name.</summary>
    private static void Rename(StagedFolder folder)
    {
        var moved = folder.Kept.Where(file => !file.StagedName.AsSpan().SequenceEqual(file.Name)).ToList();
        for (var i = 0; i < moved.Count; i++)
        {
            var between = OpenFolder.Name($".rename-{i}");
            File.Move($"{folder.StagingPath}/{Text(moved[i].StagedName)}", $"{folder.StagingPath}/{Text(between)}");
            moved[i].StagedName = between;
        }

        foreach (var file in moved)
        {
            File.Move($"{folder.StagingPath}/{Text(file.StagedName)}", $"{folder.StagingPath}/{Text(file.Name)}");
            file.StagedName = file.Name;
        }
    }

    private static string Text(byte[] name) => Encoding.UTF8.GetString(name.AsSpan(0, name.Length - 1));

    private static void CheckSettled(StagedFolder folder, StagedFile file)
    {
        if (!FileStat.TryRead(folder.Staging.File, file.StagedName, out var stat) || stat.Inode != file.Stat.Inode
            || stat.Size != file.Stat.Size || stat.ModifiedNanoseconds != file.Stat.ModifiedNanoseconds)
        {
            throw new SnapshotException(
                SnapshotErrors.StagingRaced, $"'{folder.Path}/{Text(file.Name)}' was written to although tables never change: its bytes at the instant are unknown");
        }
    }

    /// <summary>A table that was being written at the instant has no footer yet; no MANIFEST names it.</summary>
    private static bool HasFooter(string path, long size)
    {
        if (size < FooterBytes)
        {
            return false;
        }

        using var file = File.OpenHandle(path);
        Span<byte> magic = stackalloc byte[8];
        return RandomAccess.Read(file, magic, size - magic.Length) == magic.Length && BinaryPrimitives.ReadUInt64LittleEndian(magic) == TableMagic;
    }
}
