using Temporalio.Activities;

namespace VirtEngine.DR.Embedded.Tests.Kills;

/// <summary>Activities of the load: each execution gives a result of its own, so that a result taken twice or swapped would show.</summary>
public sealed class LoadActivities
{
    private int executions;

    /// <summary>How many attempts were made.</summary>
    public int Executions => executions;

    /// <summary>A new stamp.</summary>
    [Activity]
    public string Stamp() => FormattableString.Invariant($"{Interlocked.Increment(ref executions)}");
}
