using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text;

namespace VirtEngine.DR.Guard;

/// <summary>Reads <c>/proc</c> without allocating: the readings are taken while a node stands still.</summary>
internal static unsafe class Proc
{
    private const int Recent = 16;

    /// <summary>Reads a small file into the buffer.</summary>
    /// <returns>The bytes read, or -1 when it cannot be read.</returns>
    public static int Read(ReadOnlySpan<byte> path, Span<byte> into)
    {
        fixed (byte* name = path)
        fixed (byte* buffer = into)
        {
            var file = Libc.Open(name, Libc.OpenReadOnly | Libc.OpenCloseOnExec);
            if (file < 0)
            {
                return -1;
            }

            var read = Libc.Read(file, buffer, into.Length);
            Libc.Close(file);
            return (int)read;
        }
    }

    /// <summary>The state and the start time (clock ticks since boot) of a process or thread.</summary>
    public static bool TryStat(ReadOnlySpan<byte> path, out byte state, out ulong start)
    {
        Span<byte> buffer = stackalloc byte[1024];
        (state, start) = (0, 0);
        var read = Read(path, buffer);
        var line = buffer[..Math.Max(0, read)];
        var fields = line.LastIndexOf((byte)')');
        if (fields < 0 || line.Length < fields + 4)
        {
            return false;
        }

        // The name in brackets may hold anything; the state is the third field, the start time the 22nd.
        state = line[fields + 2];
        var rest = line[(fields + 2)..];
        for (var skip = 0; skip < 19; skip++)
        {
            rest = rest[(rest.IndexOf((byte)' ') + 1)..];
        }

        return Utf8Parser.TryParse(rest, out start, out _);
    }

    /// <summary>State and start time of a process, or null when there is none.</summary>
    public static (char State, ulong Start)? Stat(int pid) =>
        TryStat(Path($"/proc/{pid}/stat"), out var state, out var start) ? ((char)state, start) : null;

    /// <summary>Time on a processor (nanoseconds) and how often a thread came onto one.</summary>
    public static bool TrySchedule(ReadOnlySpan<byte> path, out ulong nanoseconds, out ulong slices)
    {
        Span<byte> buffer = stackalloc byte[128];
        (nanoseconds, slices) = (0, 0);
        var read = Read(path, buffer);
        var line = buffer[..Math.Max(0, read)];
        if (!Utf8Parser.TryParse(line, out nanoseconds, out var used))
        {
            return false;
        }

        line = line[(used + 1)..];
        line = line[(line.IndexOf((byte)' ') + 1)..];
        return Utf8Parser.TryParse(line, out slices, out _);
    }

    /// <summary>The ids of a process's threads, in the kernel's order.</summary>
    public static bool TryThreads(ReadOnlySpan<byte> taskFolder, List<int> into)
    {
        into.Clear();
        Span<byte> bytes = stackalloc byte[16 << 10];
        fixed (byte* name = taskFolder)
        fixed (byte* buffer = bytes)
        {
            var folder = Libc.Open(name, Libc.OpenReadOnly | Libc.OpenCloseOnExec);
            if (folder < 0)
            {
                return false;
            }

            for (nint read; (read = Libc.ReadDirectory(folder, buffer, bytes.Length)) > 0;)
            {
                for (nint at = 0; at < read; at += *(ushort*)(buffer + at + Recent))
                {
                    // d_ino 8, d_off 8, d_reclen 2, d_type 1, then the name.
                    if (Utf8Parser.TryParse(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(buffer + at + Recent + 3), out int id, out _))
                    {
                        into.Add(id);
                    }
                }
            }

            Libc.Close(folder);
            return into.Count > 0;
        }
    }

    /// <summary>A path for libc: UTF-8 with a NUL.</summary>
    public static byte[] Path(string path) => Encoding.UTF8.GetBytes(path + '\0');
}
