using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Starter.Runs;

/// <summary>The exit code that a run's state stands for.</summary>
internal static class RunExit
{
    /// <summary>For a run that was watched to this state.</summary>
    public static int Code(RunState state) => state.Phase == RunPhase.Closed
        ? Code(state.Outcome)
        : NeedsPerson(state) ? ExitCodes.Waiting : ExitCodes.Ok;

    /// <summary>For an outcome; a closed run without one is a failure.</summary>
    public static int Code(RunOutcome? outcome) => outcome switch
    {
        RunOutcome.Succeeded or RunOutcome.Planned => ExitCodes.Ok,
        RunOutcome.Partial => ExitCodes.Partial,
        RunOutcome.Denied or RunOutcome.Superseded => ExitCodes.Refused,
        _ => ExitCodes.Failed,
    };

    /// <summary>Nothing goes on until a person acts.</summary>
    public static bool NeedsPerson(RunState state) =>
        state.Phase is RunPhase.AwaitingApproval or RunPhase.Parked or RunPhase.Paused
        || (state.Phase == RunPhase.Unwinding && state.Allowed.Any(verb => verb.Verb == Verbs.Abort));
}
