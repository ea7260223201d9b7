using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Workflows.Flow;

/// <summary>Which verb works when, as data: the handlers and the list of what is possible both read it.</summary>
public static class VerbTable
{
    /// <summary>One row a verb, in the order of help texts.</summary>
    public static IReadOnlyList<VerbRule> Rules { get; } =
    [
        new(Verbs.Approve, "counts one approval for the open gate (name gate and digest)", [Need.NotClosed, Need.NotReset, Need.GateOpen]),
        new(Verbs.Deny, "refuses the open gate; for a gate that was passed it pauses the run", [Need.NotClosed, Need.NotReset, Need.GateOpenOrPassed]),
        new(Verbs.Pause, "no new step or undo starts; a running one ends", [Need.NotClosed, Need.NotReset, Need.NotPaused]),
        new(Verbs.Resume, "goes on; withdraws an abort that is not confirmed", [Need.NotClosed, Need.NotReset, Need.SomethingToResume]),
        new(Verbs.Retry, "tries what is parked again, from describe", [Need.NotClosed, Need.NotReset, Need.Parked]),
        new(Verbs.Skip, "leaves out what is parked; the outcome is Partial at best", [Need.NotClosed, Need.NotReset, Need.Parked, Need.Skippable]),
        new(Verbs.Abort, "shows the unwinding plan; with that plan's digest it unwinds", [Need.NotClosed, Need.NotReset, Need.NotCommitted, Need.NotUnwinding]),
        new(
            Verbs.Switch, "leaves out the steps that need the lost side: a new plan and a gate",
            [Need.NotClosed, Need.NotReset, Need.HasUngraceful, Need.NotUngraceful, Need.Planned, Need.NotCommitted, Need.NotUnwinding, Need.NoAbort]),
        new(Verbs.Note, "writes into the journal", [Need.NotClosed]),
        new(Verbs.Acknowledge, "says that somebody is on it; repeated pages stop", [Need.NotClosed]),
        new(Verbs.HandOver, "gives the run to somebody else", [Need.NotClosed]),
    ];

    /// <summary>Why a verb does not work now and which would; null when it works.</summary>
    public static string? Refusal(string verb, VerbContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var rule = Rules.FirstOrDefault(r => r.Verb == verb) ?? throw new ArgumentException($"no verb {verb}", nameof(verb));
        var missing = rule.Needs.Where(n => !Holds(n, context)).Cast<Need?>().FirstOrDefault();
        return missing is { } need ? $"{verb} does not work now: {Word(need)} {Instead(context)}".TrimEnd() : null;
    }

    /// <summary>What is possible now.</summary>
    public static IReadOnlyList<AllowedVerb> Allowed(VerbContext context) =>
        [.. Rules.Where(r => Refusal(r.Verb, context) is null).Select(r => new AllowedVerb(r.Verb, r.Effect))];

    private static string Instead(VerbContext context)
    {
        var verbs = Rules.Where(r => r.Needs.All(n => Holds(n, context))).Select(r => r.Verb).ToArray();
        return verbs.Length == 0 ? "" : $"Possible: {string.Join(", ", verbs)}.";
    }

    private static bool Holds(Need need, VerbContext c) => need switch
    {
        Need.NotClosed => c.Phase != RunPhase.Closed,
        Need.NotReset => !c.Reset,
        Need.GateOpen => c.GateOpen,
        Need.GateOpenOrPassed => c.GateOpen || (c.GatePassed && c.Abort != AbortStage.AtWork),
        Need.NotPaused => !c.Paused,
        Need.SomethingToResume => c.Paused || c.Abort is AbortStage.Asked or AbortStage.AwaitingConfirmation,
        Need.Parked => c.Parked,
        Need.Skippable => c.Skippable,
        Need.NotCommitted => !c.Committed,
        Need.NotUnwinding => c.Abort != AbortStage.AtWork,
        Need.HasUngraceful => c.HasUngraceful,
        Need.NotUngraceful => !c.Ungraceful,
        Need.Planned => c.Phase is not (RunPhase.Planning or RunPhase.Watching),
        Need.NoAbort => c.Abort == AbortStage.None,
        _ => throw new ArgumentOutOfRangeException(nameof(need)),
    };

    private static string Word(Need need) => need switch
    {
        Need.NotClosed => "the run is over.",
        Need.NotReset => "the run was reset and may only be repaired.",
        Need.GateOpen => "no gate is open.",
        Need.GateOpenOrPassed => "no gate is open or passed.",
        Need.NotPaused => "the run is paused already.",
        Need.SomethingToResume => "the run is not paused.",
        Need.Parked => "nothing is parked.",
        Need.Skippable => "what is parked may not be skipped.",
        Need.NotCommitted => "the point of no return is passed.",
        Need.NotUnwinding => "the run is unwinding (pause stops it).",
        Need.HasUngraceful => "this runbook has no ungraceful mode.",
        Need.NotUngraceful => "the run is in ungraceful mode already.",
        Need.Planned => "there is no plan yet.",
        Need.NoAbort => "an abort was asked for (resume withdraws it).",
        _ => throw new ArgumentOutOfRangeException(nameof(need)),
    };
}
