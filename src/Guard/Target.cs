using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace VirtEngine.DR.Guard;

/// <summary>A process to stop, known by its id and its start time, so that a re-used id is never touched.</summary>
internal sealed class Target
{
    private readonly byte[] stat;
    private readonly byte[] tasks;
    private readonly byte[] scratch;
    private readonly int prefix;
    private readonly List<int> ids = new(256);
    private readonly List<ThreadReading> atStop = new(256);
    private readonly List<ThreadReading> now = new(256);

    /// <summary>Names a process.</summary>
    public Target(int pid, ulong start)
    {
        (Pid, Start) = (pid, start);
        stat = Proc.Path($"/proc/{pid}/stat");
        tasks = Proc.Path($"/proc/{pid}/task");
        scratch = new byte[64];
        prefix = Encoding.UTF8.GetBytes($"/proc/{pid}/task/", scratch);
    }

    /// <summary>The process id.</summary>
    public int Pid { get; }

    /// <summary>Its start time in clock ticks since boot.</summary>
    public ulong Start { get; }

    /// <summary>Threads at the stop.</summary>
    public int Threads => atStop.Count;

    /// <summary>Nanoseconds that the threads were on a processor between the two readings.</summary>
    public ulong RanNanoseconds { get; private set; }

    /// <summary>Reads <c>PID:START</c>.</summary>
    public static Target Parse(string text)
    {
        var parts = text.Split(':');
        return parts.Length == 2 && int.TryParse(parts[0], CultureInfo.InvariantCulture, out var pid) && pid > 1
            && ulong.TryParse(parts[1], CultureInfo.InvariantCulture, out var start)
            ? new Target(pid, start) : throw new ArgumentException($"--target {text}: must be PID:START");
    }

    /// <summary>The process's state letter, or 0 when it is gone or another process has its id.</summary>
    public byte State() => Proc.TryStat(stat, out var state, out var start) && start == Start ? state : (byte)0;

    /// <summary>True when any thread is stopped or traced already: somebody else did that.</summary>
    public bool FoundStopped()
    {
        Read(now);
        foreach (var thread in now)
        {
            if (thread.State is (byte)'T' or (byte)'t')
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Reads all threads; true when every one is still and the readings are those of the last call.</summary>
    public bool Settled(bool stillByState)
    {
        Read(now);
        var settled = now.Count > 0 && now.Count == atStop.Count;
        for (var i = 0; i < now.Count; i++)
        {
            settled = settled && now[i] == atStop[i] && (!stillByState || now[i].Still);
        }

        atStop.Clear();
        atStop.AddRange(now);
        return settled;
    }

    /// <summary>Compares with the readings at the stop; null is "nothing ran", else the reason why the pause does not count.</summary>
    public string? Moved(bool stillByState)
    {
        Read(now);
        RanNanoseconds = 0;
        if (State() == 0)
        {
            return $"process {Pid} is gone";
        }

        if (now.Count != atStop.Count)
        {
            return $"process {Pid} has {now.Count} threads, {atStop.Count} at the stop";
        }

        for (var i = 0; i < now.Count; i++)
        {
            RanNanoseconds += now[i].Nanoseconds - atStop[i].Nanoseconds;
            if (now[i].Id != atStop[i].Id || now[i].Slices != atStop[i].Slices || (stillByState && !now[i].Still))
            {
                return $"thread {now[i].Id} of process {Pid} ran during the pause";
            }
        }

        return null;
    }

    private void Read(List<ThreadReading> into)
    {
        into.Clear();
        if (!Proc.TryThreads(tasks, ids))
        {
            return;
        }

        foreach (var id in ids)
        {
            Utf8Formatter.TryFormat(id, scratch.AsSpan(prefix), out var digits);
            var name = scratch.AsSpan(prefix + digits);
            "/stat\0"u8.CopyTo(name);
            var alive = Proc.TryStat(scratch, out var state, out _);
            "/schedstat\0"u8.CopyTo(name);
            ulong nanoseconds = 0, slices = 0;
            alive = alive && Proc.TrySchedule(scratch, out nanoseconds, out slices);
            if (alive)
            {
                into.Add(new ThreadReading(id, state, nanoseconds, slices));
            }
        }
    }
}
