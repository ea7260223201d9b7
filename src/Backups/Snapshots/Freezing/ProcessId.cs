using System.Globalization;
using VirtEngine.DR.Guard;

namespace VirtEngine.DR.Backups.Snapshots.Freezing;

/// <summary>A process, by its id and its start time in clock ticks since boot: ids are used again.</summary>
/// <param name="Pid">The id.</param>
/// <param name="Start">The start time.</param>
internal sealed record ProcessId(int Pid, ulong Start)
{
    /// <summary>The process that has the id now, or null.</summary>
    public static ProcessId? Of(int pid) => Proc.Stat(pid) is { } stat ? new ProcessId(pid, stat.Start) : null;

    /// <summary>True while exactly this process exists.</summary>
    public bool Exists => Proc.Stat(Pid) is { } stat && stat.Start == Start;

    /// <summary>True when exactly this process stands still.</summary>
    public bool Stopped => Proc.Stat(Pid) is { State: 'T' } stat && stat.Start == Start;

    /// <summary>Lets it go on, if it is this process and it stands still.</summary>
    public bool Continue() => Stopped && Libc.Signal(Pid, Libc.Continue) == 0;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Pid}:{Start}");
}
