using System.Runtime.InteropServices;
using System.Text.Json;
using VirtEngine.DR.Contracts;

namespace VirtEngine.DR.Activities.Common;

/// <summary>Small records that must survive a crash whole: written aside, fsynced, renamed, the folder fsynced.</summary>
internal static partial class DurableFile
{
    /// <summary>Writes the record; after the return it is on disk, before it the former one is.</summary>
    public static void WriteJson<T>(string path, T value)
    {
        var folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                JsonSerializer.Serialize(file, value, DrDataConverter.JsonOptions);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }

        SyncFolder(folder);
    }

    /// <summary>Reads a record; null when there is none.</summary>
    /// <exception cref="InvalidDataException">It is there and not readable: never taken for absent.</exception>
    public static T? ReadJson<T>(string path)
        where T : class
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<T>(bytes, DrDataConverter.JsonOptions)
                ?? throw new InvalidDataException($"'{path}' holds no record; look at it, and remove it when it is known to be wrong");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"'{path}' is not readable ({e.Message}); look at it, and remove it when it is known to be wrong", e);
        }
    }

    /// <summary>Removes a record durably.</summary>
    public static void Delete(string path)
    {
        if (File.Exists(path))
        {
            File.Delete(path);
            SyncFolder(Path.GetDirectoryName(path)!);
        }
    }

    /// <summary>Makes the names of a folder durable; the runtime has no call for it.</summary>
    public static void SyncFolder(string folder)
    {
        var descriptor = Open(folder, 0x10000 /* O_DIRECTORY|O_RDONLY */);
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
