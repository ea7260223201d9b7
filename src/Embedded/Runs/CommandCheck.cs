using VirtEngine.DR.Embedded.Namespaces;
using VirtEngine.DR.Embedded.Visibility;

namespace VirtEngine.DR.Embedded.Runs;

/// <summary>
/// Looks at all commands of a workflow task before the first of them takes effect: a bad one fails the whole task and leaves nothing behind.
/// </summary>
internal sealed class CommandCheck(RunState state, EngineNamespace ns)
{
    public const int MaximumPendingActivities = 2000;
    private readonly HashSet<string> _activityIds = new(state.Activities.Values.Select(a => a.ActivityId), StringComparer.Ordinal);
    private readonly HashSet<string> _timers = new(state.Timers.Keys, StringComparer.Ordinal);
    private int _activities = state.Activities.Count;
    private int _children = state.Children.Count;
    private int _externals = state.Externals.Count;

    /// <summary>Whether what was found is too large a payload, which ends the run.</summary>
    public bool FoundTooLarge { get; private set; }

    /// <summary>What is wrong; null when nothing is.</summary>
    public (WorkflowTaskFailedCause Cause, string Message)? Find(IReadOnlyList<Command> commands)
    {
        for (int i = 0; i < commands.Count; i++)
        {
            if (Look(commands[i]) is { } wrong)
            {
                return wrong;
            }

            if (CommandSizes.TooLarge(commands[i]) is { } large)
            {
                FoundTooLarge = true;
                return large;
            }
        }

        return null;
    }

    public static bool Closes(Command command) => command.CommandType is CommandType.CompleteWorkflowExecution or CommandType.FailWorkflowExecution
        or CommandType.CancelWorkflowExecution or CommandType.ContinueAsNewWorkflowExecution;

    private (WorkflowTaskFailedCause Cause, string Message)? Look(Command command)
    {
        switch (command.CommandType)
        {
            case CommandType.ScheduleActivityTask:
                return Activity(command.ScheduleActivityTaskCommandAttributes);
            case CommandType.RequestCancelActivityTask:
                long id = command.RequestCancelActivityTaskCommandAttributes.ScheduledEventId;
                bool isKnown = state.Activities.ContainsKey(id) || state.Buffered.Any(e => Ends(e, id))
                    || (id >= state.NextEventId && _activities > state.Activities.Count);
                return isKnown ? null : (WorkflowTaskFailedCause.BadRequestCancelActivityAttributes, $"there is no activity with ScheduledEventId {id} to cancel.");
            case CommandType.StartTimer:
                var timer = command.StartTimerCommandAttributes;
                if (timer.TimerId.Length == 0)
                {
                    return (WorkflowTaskFailedCause.BadStartTimerAttributes, "TimerId is not set on command.");
                }

                if (timer.StartToFireTimeout.Span() <= TimeSpan.Zero)
                {
                    return (WorkflowTaskFailedCause.BadStartTimerAttributes, "An invalid StartToFireTimeout is set on command.");
                }

                return _timers.Add(timer.TimerId) ? null : (WorkflowTaskFailedCause.StartTimerDuplicateId, $"TimerId {timer.TimerId} is used already.");
            case CommandType.CancelTimer:
                string canceled = command.CancelTimerCommandAttributes.TimerId;
                return _timers.Remove(canceled) || Timers.CanCancel(state, canceled) ? null
                    : (WorkflowTaskFailedCause.BadCancelTimerAttributes, $"There is no timer {canceled} to cancel.");
            case CommandType.StartChildWorkflowExecution:
                var child = command.StartChildWorkflowExecutionCommandAttributes;
                if (child.WorkflowId.Length == 0 || (child.WorkflowType?.Name.Length ?? 0) == 0)
                {
                    return (WorkflowTaskFailedCause.BadStartChildExecutionAttributes, "Required field WorkflowId or WorkflowType is not set on command.");
                }

                if (SearchChecks.Wrong(ns, child.SearchAttributes) is { } unfit)
                {
                    return (WorkflowTaskFailedCause.BadSearchAttributes, unfit);
                }

                return ++_children > MaximumPendingActivities
                    ? (WorkflowTaskFailedCause.PendingChildWorkflowsLimitExceeded, $"the number of pending child workflow executions is over {MaximumPendingActivities}") : null;
            case CommandType.SignalExternalWorkflowExecution:
                return command.SignalExternalWorkflowExecutionCommandAttributes is not { Execution.WorkflowId.Length: > 0, SignalName.Length: > 0 }
                    ? (WorkflowTaskFailedCause.BadSignalWorkflowExecutionAttributes, "WorkflowId or SignalName is not set on command.")
                    : ++_externals > MaximumPendingActivities
                    ? (WorkflowTaskFailedCause.PendingSignalsLimitExceeded, $"the number of pending signals to external workflows is over {MaximumPendingActivities}") : null;
            case CommandType.RequestCancelExternalWorkflowExecution:
                return command.RequestCancelExternalWorkflowExecutionCommandAttributes.WorkflowId.Length == 0
                    ? (WorkflowTaskFailedCause.BadRequestCancelExternalWorkflowExecutionAttributes, "WorkflowId is not set on command.")
                    : ++_externals > MaximumPendingActivities
                    ? (WorkflowTaskFailedCause.PendingRequestCancelLimitExceeded, $"the number of pending requests to cancel external workflows is over {MaximumPendingActivities}") : null;
            case CommandType.RecordMarker:
                return command.RecordMarkerCommandAttributes.MarkerName.Length > 0 ? null
                    : (WorkflowTaskFailedCause.BadRecordMarkerAttributes, "MarkerName is not set on command.");
            case CommandType.UpsertWorkflowSearchAttributes:
                return SearchChecks.Wrong(ns, command.UpsertWorkflowSearchAttributesCommandAttributes.SearchAttributes) is { } attribute
                    ? (WorkflowTaskFailedCause.BadSearchAttributes, attribute) : null;
            case CommandType.ScheduleNexusOperation:
            case CommandType.RequestCancelNexusOperation:
                return (WorkflowTaskFailedCause.FeatureDisabled, "Nexus needs a Temporal cluster; the embedded engine has no endpoints.");
            default:
                return null;
        }
    }

    /// <summary>Whether a buffered event says that the activity has ended, which the workflow could not know yet.</summary>
    private static bool Ends(HistoryEvent e, long scheduledId) => e.ActivityTaskStartedEventAttributes?.ScheduledEventId == scheduledId
        || e.ActivityTaskTimedOutEventAttributes?.ScheduledEventId == scheduledId;

    private (WorkflowTaskFailedCause Cause, string Message)? Activity(ScheduleActivityTaskCommandAttributes a)
    {
        if (a.ActivityId.Length == 0 || (a.ActivityType?.Name.Length ?? 0) == 0)
        {
            return (WorkflowTaskFailedCause.BadScheduleActivityAttributes, "ActivityId or ActivityType is not set on command.");
        }

        if (a.StartToCloseTimeout.Span() == TimeSpan.Zero && a.ScheduleToCloseTimeout.Span() == TimeSpan.Zero)
        {
            return (WorkflowTaskFailedCause.BadScheduleActivityAttributes, "A valid StartToClose or ScheduleToCloseTimeout is not set on command.");
        }

        if (!_activityIds.Add(a.ActivityId))
        {
            return (WorkflowTaskFailedCause.ScheduleActivityDuplicateId, $"ActivityId {a.ActivityId} is used already.");
        }

        return ++_activities > MaximumPendingActivities
            ? (WorkflowTaskFailedCause.PendingActivitiesLimitExceeded, $"the number of pending activities, {_activities}, is over the limit of {MaximumPendingActivities}") : null;
    }
}
