using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace VirtEngine.DR.Signing;

/// <summary>A file's owner. The gate may run as root and the signer not: a file that it replaces stays the signer's.</summary>
internal static unsafe partial class FileOwner
{
    private const int CurrentFolder = -100;
    private const uint OwnerAndGroup = 0x8 | 0x10;
    private const int OwnerAt = 20;
    private const int GroupAt = 24;

    /// <summary>Gives the target the owner and group of the source.</summary>
    /// <exception cref="IOException">The kernel refused.</exception>
    public static void Copy(string source, string target)
    {
        Span<byte> status = stackalloc byte[256];
        int failed;
        fixed (byte* buffer = status)
        {
            failed = Statx(CurrentFolder, source, 0, OwnerAndGroup, buffer);
        }

        if (failed != 0)
        {
            throw new IOException($"the owner of '{source}' cannot be read: {Marshal.GetLastPInvokeErrorMessage()}");
        }

        if (Chown(target, BinaryPrimitives.ReadUInt32LittleEndian(status[OwnerAt..]), BinaryPrimitives.ReadUInt32LittleEndian(status[GroupAt..])) != 0)
        {
            throw new IOException($"'{target}' cannot be given the owner of '{source}': {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, byte* into);

    [LibraryImport("libc", EntryPoint = "chown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Chown(string path, uint owner, uint group);
}
