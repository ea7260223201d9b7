using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace VirtEngine.DR.Backups.Storage;

/// <summary>Who a file is on this host, and whose. Symbolic links are not followed.</summary>
internal readonly partial record struct FileStatus(ulong Device, ulong Inode, uint User, uint Group)
{
    private const int AtFdCwd = -100;
    private const int AtSymlinkNoFollow = 0x100;
    private const uint BasicStats = 0x7FF;

    /// <summary>Null when there is nothing under the path.</summary>
    public static FileStatus? Of(string path)
    {
        Span<byte> buffer = stackalloc byte[256];
        buffer.Clear();
        int result;
        unsafe
        {
            fixed (byte* pointer = buffer)
            {
                result = statx(AtFdCwd, path, AtSymlinkNoFollow, BasicStats, pointer);
            }
        }

        if (result != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            return error is 2 or 20 ? null : throw new IOException($"stat {path}: {Marshal.GetPInvokeErrorMessage(error)}", error);
        }

        return new FileStatus(
            ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(buffer[136..]) << 32) | BinaryPrimitives.ReadUInt32LittleEndian(buffer[140..]),
            BinaryPrimitives.ReadUInt64LittleEndian(buffer[32..]),
            BinaryPrimitives.ReadUInt32LittleEndian(buffer[20..]),
            BinaryPrimitives.ReadUInt32LittleEndian(buffer[24..]));
    }

    /// <summary>Gives a tree to an owner, children first, links themselves.</summary>
    public static void ChangeOwner(string path, uint user, uint group)
    {
        if (new FileInfo(path).LinkTarget is null && Directory.Exists(path))
        {
            foreach (var child in Directory.EnumerateFileSystemEntries(path))
            {
                ChangeOwner(child, user, group);
            }
        }

        if (Of(path) is { } status && (status.User != user || status.Group != group) && lchown(path, user, group) != 0)
        {
            throw new IOException($"chown {path} to {user}:{group}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}", Marshal.GetLastPInvokeError());
        }
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int statx(int folder, string path, int flags, uint mask, byte* buffer);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int lchown(string path, uint user, uint group);
}
