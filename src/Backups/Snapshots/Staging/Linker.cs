using System.Text;
using VirtEngine.DR.Backups.Snapshots.Native;

namespace VirtEngine.DR.Backups.Snapshots.Staging;

/// <summary>Links live files into staging.</summary>
internal static unsafe class Linker
{
    private static readonly byte[] Probe = ".probe\0"u8.ToArray();

    /// <summary>Links one file.</summary>
    /// <returns>What was linked, or null when the name is gone.</returns>
    /// <exception cref="SnapshotException"><see cref="SnapshotErrors.LinkRefused"/>.</exception>
    public static StagedFile? Link(StagedFolder folder, ReadOnlySpan<byte> name, long settledBefore)
    {
        var staged = name.ToArray();
        for (var attempt = 1; ; attempt++)
        {
            var error = TryLink(folder, name, staged);
            if (error == Posix.NotFound)
            {
                return null;
            }

            if (error == 0)
            {
                break;
            }

            if (error != Posix.Exists)
            {
                throw Refused(folder, error);
            }

            // The number was used again: the former file stays in staging under its name until the frozen listing decides.
            staged = [.. name[..^1], .. Encoding.ASCII.GetBytes($".{attempt}"), 0];
        }

        if (!FileStat.TryRead(folder.Staging.File, staged, out var stat))
        {
            throw new IOException($"a link in '{folder.StagingPath}' cannot be read (errno {Posix.Error})");
        }

        return stat.Regular
            ? new StagedFile(staged, linked: true) { Name = name.ToArray(), Stat = stat, Settled = stat.ModifiedNanoseconds < settledBefore }
            : throw new SnapshotException(SnapshotErrors.LayoutInvalid, $"'{folder.Path}/{Encoding.UTF8.GetString(name[..^1])}' is no regular file");
    }

    /// <summary>Tries a link in a folder whose tables will be linked: two mounts may refuse each other, and protected links may.</summary>
    public static void TryOut(StagedFolder folder, ReadOnlySpan<byte> name)
    {
        var error = TryLink(folder, name, Probe);
        if (error is not (0 or Posix.NotFound))
        {
            throw Refused(folder, error);
        }

        Unlink(folder.Staging, Probe);
    }

    /// <summary>Removes a name from staging.</summary>
    public static void Unlink(OpenFolder staging, ReadOnlySpan<byte> name)
    {
        fixed (byte* path = name)
        {
            _ = Posix.Unlink(staging.File, path, 0);
        }
    }

    private static int TryLink(StagedFolder folder, ReadOnlySpan<byte> name, ReadOnlySpan<byte> staged)
    {
        fixed (byte* from = name)
        fixed (byte* to = staged)
        {
            return Posix.Link(folder.Live.File, from, folder.Staging.File, to, 0) == 0 ? 0 : Posix.Error;
        }
    }

    private static SnapshotException Refused(StagedFolder folder, int error) => new(
        SnapshotErrors.LinkRefused,
        $"hard links from '{folder.Path}' to '{folder.StagingPath}' are refused ({Reason(error)}): put staging on the same mount, or use method 'stopped' or 'external'");

    private static string Reason(int error) => error switch
    {
        Posix.CrossDevice => "another file system or mount",
        Posix.NotPermitted => "not permitted: run as the files' owner or root",
        Posix.AccessDenied => "access denied",
        Posix.TooManyLinks => "too many links",
        _ => $"errno {error}",
    };
}
