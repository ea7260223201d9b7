namespace VirtEngine.DR.Embedded.Runs;

/// <summary>
/// What a reset brings along into its new run: signals and updates that came after the point of the reset, into the run or into those that it continued as.
/// Commands, answers of activities and requests to cancel stay behind.
/// </summary>
internal sealed class Reapplication(Turn turn, Run run, ResetWorkflowExecutionRequest request)
{
    private readonly bool _signals = request.ResetReapplyType is not ResetReapplyType.None && !request.ResetReapplyExcludeTypes.Contains(ResetReapplyExcludeType.Signal);
    private readonly bool _updates = request.ResetReapplyType is not (ResetReapplyType.None or ResetReapplyType.Signal)
        && !request.ResetReapplyExcludeTypes.Contains(ResetReapplyExcludeType.Update);

    /// <summary>Brings along what stands after so many events of a run.</summary>
    public void Bring(Run from, int after)
    {
        foreach (var e in from.History.Skip(after))
        {
            if (_signals && e.WorkflowExecutionSignaledEventAttributes is { } signal)
            {
                var again = Histories.New(turn, EventType.WorkflowExecutionSignaled);
                again.WorkflowExecutionSignaledEventAttributes = signal.Clone();
                Histories.Append(turn, run, again);
            }
            else if (_updates && (e.WorkflowExecutionUpdateAdmittedEventAttributes?.Request ?? e.WorkflowExecutionUpdateAcceptedEventAttributes?.AcceptedRequest) is { } asked
                && !run.State.Updates.ContainsKey(asked.Meta.UpdateId))
            {
                var again = Histories.New(turn, EventType.WorkflowExecutionUpdateAdmitted);
                again.WorkflowExecutionUpdateAdmittedEventAttributes = new() { Request = asked.Clone(), Origin = UpdateAdmittedEventOrigin.Reapply };
                Histories.Append(turn, run, again);
            }
            else if (e.WorkflowExecutionContinuedAsNewEventAttributes is { } next && turn.State.Runs.ByRunId(next.NewExecutionRunId) is { } following)
            {
                Bring(following, 0);
            }
        }
    }
}
