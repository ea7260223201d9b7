using System.Buffers.Binary;
using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using VirtEngine.DR.Backups.Snapshots.Native;

namespace VirtEngine.DR.Backups.Restoring;

/// <summary>Gives restored files to the node's user: a worker that runs as root would else leave data that the node cannot open.</summary>
public static partial class Ownership
{
    /// <summary>Gives everything below (and) the path to the owner and group of another path; what has them already is left alone.</summary>
    /// <exception cref="IOException">This process may not give files away; the message says which file and to whom.</exception>
    public static void Match(string path, string like)
    {
        var owner = Read(like);
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None };
        foreach (var entry in Directory.Exists(path) ? Directory.EnumerateFileSystemEntries(path, "*", options).Append(path) : [path])
        {
            Give(entry, owner);
        }
    }

    /// <summary>Gives the path alone, nothing below it, to the owner and group of another path.</summary>
    /// <exception cref="IOException">As for <see cref="Match"/>.</exception>
    public static void MatchOne(string path, string like) => Give(path, Read(like));

    /// <summary>Gives the path alone to a user and a group by number.</summary>
    /// <exception cref="IOException">As for <see cref="Match"/>.</exception>
    public static void Give(string path, uint user, uint group) => Give(path, (user, group));

    private static void Give(string entry, (uint User, uint Group) owner)
    {
        if (Read(entry) != owner && lchown(entry, owner.User, owner.Group) != 0)
        {
            var error = new Win32Exception(Marshal.GetLastPInvokeError());
            throw new IOException($"{entry} could not be given to user {owner.User}, group {owner.Group} ({error.Message}): run the node worker as root or as the node's user");
        }
    }

    private static unsafe (uint User, uint Group) Read(string path)
    {
        Span<byte> stat = stackalloc byte[256];
        fixed (byte* name = Encoding.UTF8.GetBytes(path + "\0"), into = stat)
        {
            if (Posix.Stat(Posix.AtCurrentFolder, name, Posix.SymlinkNoFollow, Posix.BasicStats, into) != 0)
            {
                throw new IOException($"{path}: {new Win32Exception(Posix.Error).Message}");
            }
        }

        return (BinaryPrimitives.ReadUInt32LittleEndian(stat[20..]), BinaryPrimitives.ReadUInt32LittleEndian(stat[24..]));
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int lchown(string path, uint user, uint group);
}
