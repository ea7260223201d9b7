using System.Globalization;
using VirtEngine.DR.Contracts.Chain;

namespace VirtEngine.DR.Workflows.Runbooks;

/// <summary>What the voting power says: who is down, what is left, whether the chain halts. Consensus needs strictly more than two thirds.</summary>
public static class VotingPower
{
    /// <summary>Whether a chain with this much power signing goes on.</summary>
    public static bool GoesOn(long signing, long total) => (Int128)signing * 3 > (Int128)total * 2;

    /// <summary>What can still be lost before the chain halts; negative when it stands.</summary>
    public static long Spare(PowerReport power)
    {
        ArgumentNullException.ThrowIfNull(power);
        return power.Signing - ((long)((Int128)power.Total * 2 / 3) + 1);
    }

    /// <summary>How long a validator that goes down now may be away before it is jailed, at most; null where the chain does not say.</summary>
    public static TimeSpan? ToJail(PowerReport power, TimeSpan blockTime)
    {
        ArgumentNullException.ThrowIfNull(power);
        return power.Window is { } window ? blockTime * (window.MayMiss + 1) : null;
    }

    /// <summary>In a sentence.</summary>
    public static string Describe(PowerReport power, TimeSpan blockTime)
    {
        ArgumentNullException.ThrowIfNull(power);
        if (power.Height is null || power.Total == 0)
        {
            return $"unknown: {string.Join("; ", power.Unknowns)}";
        }

        var absent = power.Absent.Count == 0 ? "nobody is absent"
            : "absent: " + string.Join(", ", power.Absent.Select(one => Text($"{one.Address} ({Share(one.Power, power.Total)})")));
        var spare = Spare(power);
        var margin = spare < 0 ? "the chain halts or stands: more than two thirds are needed" : Text($"{Share(spare, power.Total)} more may go before it halts");
        var jail = ToJail(power, blockTime) is { } time ? Text($"; one that goes down now is jailed after at most {time.TotalHours:0.0} h") : "";
        return Text($"{Share(power.Signing, power.Total)} of the power signed up to height {power.Height}, {absent}; {margin}{jail}");
    }

    private static string Share(long part, long total) => Text($"{100.0 * part / total:0.0} %");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
