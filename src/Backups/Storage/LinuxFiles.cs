using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using VirtEngine.DR.Backups.Snapshots.Native;

namespace VirtEngine.DR.Backups.Storage;

/// <summary>What the platform's file classes lack: links, exchanging names, syncing folders.</summary>
internal static partial class LinuxFiles
{
    private const int Eexist = 17;
    private const int Enospc = 28;
    private const int Edquot = 122;
    private const int AtFdCwd = -100;
    private const int RenameNoReplace = 1;
    private const int RenameExchange = 2;
    private const uint SyncFileRangeWrite = 2;

    /// <summary>Hard-links without overwriting; false when the name is taken.</summary>
    public static bool TryLink(string existing, string name)
    {
        if (link(existing, name) == 0)
        {
            return true;
        }

        var error = Marshal.GetLastPInvokeError();
        return error == Eexist ? false : throw Failure($"link {existing} to {name}", error);
    }

    /// <summary>Swaps two names on one file system at one instant.</summary>
    public static void Exchange(string left, string right)
    {
        if (renameat2(AtFdCwd, left, AtFdCwd, right, RenameExchange) != 0)
        {
            throw Failure($"exchange {left} with {right}", Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>Renames without overwriting.</summary>
    public static void MoveNew(string from, string to)
    {
        if (renameat2(AtFdCwd, from, AtFdCwd, to, RenameNoReplace) != 0)
        {
            throw Failure($"rename {from} to {to}", Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>Makes the folder's entries durable.</summary>
    public static void SyncFolder(string folder)
    {
        var descriptor = open(folder, Posix.Folder | Posix.CloseOnExec);
        if (descriptor < 0)
        {
            throw Failure($"open {folder}", Marshal.GetLastPInvokeError());
        }

        try
        {
            if (fsync(descriptor) != 0)
            {
                throw Failure($"fsync {folder}", Marshal.GetLastPInvokeError());
            }
        }
        finally
        {
            _ = close(descriptor);
        }
    }

    /// <summary>
    /// Makes everything durable that was written to the folder's file system: one call instead of an fsync a file. A failed write-back
    /// since <see cref="OpenFolder"/> made the handle is reported (Linux 5.8).
    /// </summary>
    public static void SyncFileSystem(SafeFileHandle folder, string name)
    {
        if (syncfs(folder) != 0)
        {
            throw Failure($"syncfs {name}", Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>Starts writing the file's bytes to the disk and does not wait: what is left to do at the end is then little.</summary>
    public static void StartWriteBack(SafeFileHandle file)
    {
        // Best effort: a file system that cannot do it is synced at the end all the same.
        _ = sync_file_range(file, 0, 0, SyncFileRangeWrite);
    }

    /// <summary>Opens a folder for <see cref="SyncFileSystem"/>.</summary>
    public static SafeFileHandle OpenFolder(string folder)
    {
        var descriptor = open(folder, Posix.Folder | Posix.CloseOnExec);
        return descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw Failure($"open {folder}", Marshal.GetLastPInvokeError());
    }

    /// <summary>Makes the file's bytes durable.</summary>
    public static void SyncFile(string path)
    {
        using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        RandomAccess.FlushToDisk(handle);
    }

    /// <summary>Makes missing folders between root and folder, and each one's entry durable.</summary>
    public static void CreateFolders(string root, string folder, UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute)
    {
        if (Directory.Exists(folder))
        {
            return;
        }

        var parent = Path.GetDirectoryName(folder)!;
        if (folder.Length > root.Length)
        {
            CreateFolders(root, parent, mode);
        }

        Directory.CreateDirectory(folder, mode);
        SyncFolder(parent);
    }

    /// <summary>Writes a small file so that it is either the old or the new one after a crash.</summary>
    public static void WriteDurably(string path, ReadOnlySpan<byte> bytes, UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite)
    {
        var temporary = path + ".tmp-" + Guid.NewGuid().ToString("N")[..8];
        try
        {
            using (var stream = new FileStream(temporary, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = mode }))
            {
                stream.Write(bytes);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
            SyncFolder(Path.GetDirectoryName(path)!);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Whether the failure says that the disk (or quota) is full.</summary>
    public static bool IsNoSpace(Exception exception) => (exception.HResult & 0xFFFF) is Enospc or Edquot
        || exception.Message.StartsWith("No space left", StringComparison.Ordinal)
        || (exception.InnerException is { } inner && IsNoSpace(inner));

    private static IOException Failure(string what, int error) => new($"{what}: {new Win32Exception(error).Message}", error);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int link(string existing, string name);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int renameat2(int oldFolder, string oldPath, int newFolder, string newPath, uint flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsync(int descriptor);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int syncfs(SafeFileHandle descriptor);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int sync_file_range(SafeFileHandle descriptor, long offset, long count, uint flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int close(int descriptor);
}
