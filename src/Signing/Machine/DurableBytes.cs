using System.Runtime.InteropServices;

namespace VirtEngine.DR.Signing;

/// <summary>The writes of a durable replacement, in order. Tests stop at each.</summary>
public enum WriteStep
{
    /// <summary>Nothing is written yet.</summary>
    Begin,

    /// <summary>The new bytes are in a file beside, perhaps not on the disk.</summary>
    Written,

    /// <summary>They are on the disk.</summary>
    Synced,

    /// <summary>The new file has the name.</summary>
    Renamed,

    /// <summary>The name is on the disk.</summary>
    Done,
}

/// <summary>Replaces a small file whole: written aside, fsynced, renamed, the folder fsynced. A kill leaves the former or the new one.</summary>
internal static partial class DurableBytes
{
    private const int DirectoryReadOnly = 0x10000 | 0x80000;

    public static void Write(string path, ReadOnlySpan<byte> bytes, UnixFileMode mode, Action<WriteStep>? at = null, bool keepOwner = false)
    {
        var folder = Path.GetDirectoryName(path)!;
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        at?.Invoke(WriteStep.Begin);
        try
        {
            using (var file = new FileStream(temporary, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = mode }))
            {
                file.Write(bytes);
                file.Flush(flushToDisk: false);
                at?.Invoke(WriteStep.Written);
                file.Flush(flushToDisk: true);
            }

            if (keepOwner)
            {
                FileOwner.Copy(File.Exists(path) ? path : folder, temporary);
            }

            at?.Invoke(WriteStep.Synced);
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }

        at?.Invoke(WriteStep.Renamed);
        SyncFolder(folder);
        at?.Invoke(WriteStep.Done);
    }

    /// <summary>Makes the names of a folder durable.</summary>
    public static void SyncFolder(string folder)
    {
        var descriptor = Open(folder, DirectoryReadOnly);
        if (descriptor < 0)
        {
            throw new IOException($"cannot open '{folder}' to make its names durable: {Marshal.GetLastPInvokeErrorMessage()}");
        }

        try
        {
            if (Fsync(descriptor) != 0)
            {
                throw new IOException($"fsync of '{folder}' failed: {Marshal.GetLastPInvokeErrorMessage()}");
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
