using System.Globalization;
using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Starter.Views;

/// <summary>The clock against the objective.</summary>
internal static class ClockText
{
    /// <summary>From the trigger to the proof of health, or to now.</summary>
    public static TimeSpan Elapsed(ClockState clock, DateTimeOffset now)
    {
        var elapsed = (clock.ProvenAt ?? now) - clock.TriggeredAt;
        return elapsed < TimeSpan.Zero ? TimeSpan.Zero : elapsed;
    }

    /// <summary>The used share of the objective; null without one.</summary>
    public static double? Share(ClockState clock, DateTimeOffset now) =>
        clock.Target is { Ticks: > 0 } target ? Elapsed(clock, now) / target : null;

    /// <summary>One line.</summary>
    public static string Line(ClockState clock, DateTimeOffset now)
    {
        var text = Durations.Text(Elapsed(clock, now));
        if (clock.Target is { } target && Share(clock, now) is { } share)
        {
            text += string.Create(CultureInfo.InvariantCulture, $" of {Durations.Goal(target)} ({share * 100:0} %{(share > 1 ? ", OBJECTIVE MISSED" : "")})");
        }

        return text
            + (clock.ProvenAt is { } proven ? $", healthy {Durations.Clock(proven)}" : "")
            + (clock.AtGates > TimeSpan.Zero ? $", gates {Durations.Text(clock.AtGates)}" : "")
            + (clock.Paused > TimeSpan.Zero ? $", paused {Durations.Text(clock.Paused)}" : "");
    }
}
