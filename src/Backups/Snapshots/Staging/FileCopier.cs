using System.Runtime.InteropServices;
using VirtEngine.DR.Backups.Snapshots.Native;

namespace VirtEngine.DR.Backups.Snapshots.Staging;

/// <summary>
/// Copies bytes with plain reads and writes: sharing extents would first force what the node has not yet written to the disk.
/// </summary>
internal sealed unsafe class FileCopier : IDisposable
{
    private const int Chunk = 1 << 20;
    private byte* buffer = (byte*)NativeMemory.Alloc(Chunk);

    /// <summary>Bytes copied so far.</summary>
    public long Bytes { get; set; }

    /// <summary>Copies from one descriptor to the same place of the other, up to an end.</summary>
    /// <returns>Where it stopped; less than the end when the source is shorter.</returns>
    public long Copy(int from, int to, long start, long end)
    {
        var at = start;
        while (at < end)
        {
            var read = Posix.Read(from, buffer, (nint)Math.Min(Chunk, end - at), at);
            if (read < 0)
            {
                throw new IOException($"a live file cannot be read (errno {Posix.Error})");
            }

            if (read == 0)
            {
                break;
            }

            for (nint written = 0; written < read;)
            {
                var wrote = Posix.Write(to, buffer + written, read - written, at + written);
                if (wrote <= 0)
                {
                    throw new IOException($"staging cannot be written (errno {Posix.Error})");
                }

                written += wrote;
            }

            at += read;
        }

        Bytes += at - start;
        return at;
    }

    /// <summary>Opens a live file: regular, not through a link, never blocking.</summary>
    /// <returns>The descriptor, or -1.</returns>
    public static int OpenLive(OpenFolder folder, ReadOnlySpan<byte> name)
    {
        fixed (byte* path = name)
        {
            return Posix.Open(folder.File, path, Posix.ReadOnly | Posix.NoFollow | Posix.NonBlocking | Posix.CloseOnExec, 0);
        }
    }

    /// <summary>Makes a new file in staging.</summary>
    /// <returns>The descriptor, or -1 when there is one of that name.</returns>
    public static int CreateStaged(OpenFolder folder, ReadOnlySpan<byte> name)
    {
        fixed (byte* path = name)
        {
            var file = Posix.Open(folder.File, path, Posix.WriteOnly | Posix.Create | Posix.Exclusive | Posix.CloseOnExec, 0x180);
            return file >= 0 || Posix.Error == Posix.Exists ? file : throw new IOException($"staging cannot be written (errno {Posix.Error})");
        }
    }

    /// <summary>Opens a staged copy of ours to append to it; never a link.</summary>
    public static int OpenStaged(OpenFolder folder, ReadOnlySpan<byte> name)
    {
        fixed (byte* path = name)
        {
            var file = Posix.Open(folder.File, path, Posix.WriteOnly | Posix.NoFollow | Posix.CloseOnExec, 0);
            return file >= 0 ? file : throw new IOException($"a staged copy cannot be opened (errno {Posix.Error})");
        }
    }

    public void Dispose()
    {
        NativeMemory.Free(buffer);
        buffer = null;
    }
}
