using System.Diagnostics;
using System.Globalization;

namespace VirtEngine.DR.Guard;

/// <summary>Armed, stopped, thawed: once.</summary>
internal sealed class GuardLoop(GuardOptions options, LinePipe pipe, IBrake brake)
{
    private const uint PauseBetweenReadings = 50;
    private readonly byte[]? record = options.Record is null ? null : Proc.Path(options.Record);
    private long stoppedAt;

    /// <summary>The brake that the options ask for.</summary>
    public static IBrake BrakeFor(GuardOptions options) =>
        options.Cgroup is null ? new SignalBrake(options.Targets) : new CgroupBrake(options.Cgroup, options.Targets);

    /// <summary>Runs to the end; whatever ends it, what was stopped goes on.</summary>
    public int Run()
    {
        if ((Accounting() ?? brake.Check()) is { } unfit)
        {
            return Refuse(unfit);
        }

        pipe.Say("armed");
        if (pipe.Wait(() => -1) != PipeEvent.Stop)
        {
            return 0;
        }

        stoppedAt = Stopwatch.GetTimestamp();
        if (brake.Pull() is { } refusal)
        {
            return Refuse(refusal);
        }

        string reason;
        string? moved;
        try
        {
            reason = AwaitStill() ?? Hold();
            moved = reason == "request" ? Moved() : "not held to the end";
        }
        finally
        {
            brake.Release();
        }

        var report = Report(reason, moved);
        DropRecord();
        pipe.Say(report);
        return 0;
    }

    /// <summary>Every path of a pause but the lines to the parent, for <see cref="Rehearsal"/>.</summary>
    public void Play()
    {
        stoppedAt = Stopwatch.GetTimestamp();
        var refusal = Accounting() ?? brake.Check() ?? new SignalBrake(options.Targets).Check() ?? brake.Pull();
        var reason = AwaitStill() ?? "none";
        var ended = pipe.Wait(Left);
        var moved = Moved();
        brake.Release();
        DropRecord();
        GC.KeepAlive(Report(reason + ended, refusal?.Message ?? moved));
    }

    /// <summary>Waits until every thread stands still; the reason to give up, or null.</summary>
    private string? AwaitStill()
    {
        while (true)
        {
            var settled = brake.Holds();
            foreach (var target in options.Targets)
            {
                settled &= target.Settled(brake.ShowsInState);
            }

            if (settled)
            {
                return null;
            }

            if (Left() == 0)
            {
                return "budget";
            }

            if (pipe.Signalled)
            {
                return "signal";
            }

            _ = Libc.SleepMicroseconds(PauseBetweenReadings);
        }
    }

    private string Hold()
    {
        pipe.Say("stopped");
        return pipe.Wait(Left) switch
        {
            PipeEvent.Thaw => "request",
            PipeEvent.Timeout => "budget",
            PipeEvent.Signal => "signal",
            _ => "pipe",
        };
    }

    private string? Moved()
    {
        if (!brake.Holds())
        {
            return "the cgroup was thawed during the pause";
        }

        string? moved = null;
        foreach (var target in options.Targets)
        {
            moved ??= target.Moved(brake.ShowsInState);
        }

        return moved;
    }

    private string Report(string reason, string? moved)
    {
        var pause = Stopwatch.GetElapsedTime(stoppedAt).TotalNanoseconds;
        var threads = options.Targets.Sum(target => target.Threads);
        var ran = options.Targets.Sum(target => (long)target.RanNanoseconds);
        return string.Create(CultureInfo.InvariantCulture, $"thawed {reason} {pause:F0} {threads} {ran} {(moved is null ? "whole" : "broken")} {moved}");
    }

    private long Left() => Math.Max(0, (long)(options.Budget - Stopwatch.GetElapsedTime(stoppedAt)).TotalMilliseconds);

    private int Refuse(Refusal refusal)
    {
        DropRecord();
        pipe.Say($"refused {refusal.Code} {refusal.Message}");
        return 0;
    }

    private unsafe void DropRecord()
    {
        fixed (byte* path = record)
        {
            if (path is not null)
            {
                _ = Libc.Unlink(path);
            }
        }
    }

    /// <summary>Without the kernel's accounting a foreign SIGCONT in the pause could not be seen.</summary>
    private static Refusal? Accounting() => Proc.TrySchedule("/proc/self/schedstat\0"u8, out _, out var slices) && slices > 0
        ? null : new Refusal("guard-failed", "this kernel does not count time slices in /proc/PID/schedstat: a pause cannot be proven");
}
