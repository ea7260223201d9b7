using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Starter.Views;

/// <summary>Enumerations in words.</summary>
internal static class Words
{
    public static string Mode(RunMode mode) => mode switch
    {
        RunMode.Live => "LIVE",
        RunMode.Practice => "practice",
        _ => "dry run",
    };

    public static string Phase(RunState state) => state.Phase == RunPhase.Closed
        ? "closed: " + (state.Outcome is { } outcome ? Outcome(outcome) : "no outcome")
        : Phase(state.Phase);

    /// <summary>The phase (closed: the outcome) as a word that stands out.</summary>
    public static string Title(RunState state) => (state switch
    {
        { Phase: RunPhase.Closed, Outcome: RunOutcome.RolledBack } => "rolled back",
        { Phase: RunPhase.Closed } => state.Outcome?.ToString() ?? "closed",
        { Phase: RunPhase.AwaitingApproval } => "awaiting approval",
        _ => state.Phase.ToString(),
    }).ToUpperInvariant();

    public static string Phase(RunPhase phase) => phase switch
    {
        RunPhase.AwaitingApproval => "awaiting approval",
        RunPhase.Parked => "PARKED: a person decides",
        _ => Lower(phase.ToString()),
    };

    public static string Outcome(RunOutcome outcome) => outcome switch
    {
        RunOutcome.RolledBack => "rolled back",
        RunOutcome.Planned => "planned (dry run, nothing was touched)",
        RunOutcome.Partial => "partial: something is missing or unproven",
        _ => Lower(outcome.ToString()),
    };

    /// <summary>A colour for a phase and outcome.</summary>
    public static string Style(RunState state) => state switch
    {
        { Phase: RunPhase.Closed, Outcome: RunOutcome.Succeeded or RunOutcome.Planned } => "green",
        { Phase: RunPhase.Closed, Outcome: RunOutcome.Partial or RunOutcome.Denied or RunOutcome.Superseded } => "yellow",
        { Phase: RunPhase.Closed } or { Phase: RunPhase.Parked } => "red",
        { Phase: RunPhase.AwaitingApproval or RunPhase.Paused or RunPhase.Unwinding } => "yellow",
        _ => "deepskyblue1",
    };

#pragma warning disable CA1308 // For people, not for comparing.
    private static string Lower(string word) => word.ToLowerInvariant();
#pragma warning restore CA1308
}
