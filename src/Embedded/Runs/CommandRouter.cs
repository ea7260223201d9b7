using Message = Temporalio.Api.Protocol.V1.Message;

namespace VirtEngine.DR.Embedded.Runs;

/// <summary>Carries out the commands of a completed workflow task, in their order.</summary>
internal static class CommandRouter
{
    public static void Apply(Turn turn, Run run, long completedId, Command command, Dictionary<string, Message> messages, string identity)
    {
        switch (command.CommandType)
        {
            case CommandType.ScheduleActivityTask:
                Activities.Schedule(turn, run, completedId, command);
                break;
            case CommandType.RequestCancelActivityTask:
                Activities.RequestCancel(turn, run, completedId, command.RequestCancelActivityTaskCommandAttributes.ScheduledEventId, identity);
                break;
            case CommandType.StartTimer:
                Timers.Start(turn, run, completedId, command);
                break;
            case CommandType.CancelTimer:
                Timers.Cancel(turn, run, completedId, command.CancelTimerCommandAttributes.TimerId, identity);
                break;
            case CommandType.RecordMarker:
                Markers.Record(turn, run, completedId, command);
                break;
            case CommandType.UpsertWorkflowSearchAttributes:
                Upserts.SearchAttributes(turn, run, completedId, command.UpsertWorkflowSearchAttributesCommandAttributes);
                break;
            case CommandType.ModifyWorkflowProperties:
                Upserts.Memo(turn, run, completedId, command.ModifyWorkflowPropertiesCommandAttributes);
                break;
            case CommandType.StartChildWorkflowExecution:
                Children.Initiate(turn, run, completedId, command);
                break;
            case CommandType.SignalExternalWorkflowExecution:
                Externals.Signal(turn, run, completedId, command.SignalExternalWorkflowExecutionCommandAttributes);
                break;
            case CommandType.RequestCancelExternalWorkflowExecution:
                Externals.Cancel(turn, run, completedId, command.RequestCancelExternalWorkflowExecutionCommandAttributes);
                break;
            case CommandType.ProtocolMessage:
                if (messages.Remove(command.ProtocolMessageCommandAttributes.MessageId, out var message))
                {
                    Updates.Take(turn, run, message);
                }

                break;
            case CommandType.CompleteWorkflowExecution:
                Endings.Complete(turn, run, completedId, command.CompleteWorkflowExecutionCommandAttributes);
                break;
            case CommandType.FailWorkflowExecution:
                Endings.Fail(turn, run, completedId, command.FailWorkflowExecutionCommandAttributes);
                break;
            case CommandType.CancelWorkflowExecution:
                Endings.Cancel(turn, run, completedId, command.CancelWorkflowExecutionCommandAttributes);
                break;
            case CommandType.ContinueAsNewWorkflowExecution:
                Successors.ContinueAsNew(turn, run, completedId, command.ContinueAsNewWorkflowExecutionCommandAttributes);
                break;
        }
    }
}
