using System.Globalization;

namespace VirtEngine.DR.Embedded.Schedules;

/// <summary>The start that a schedule makes of its action.</summary>
internal static class ScheduleStarts
{
    public static StartWorkflowExecutionRequest Request(ScheduleState s, BufferedStart start, string identity)
    {
        var action = s.Schedule.Action.StartWorkflow;
        string at = start.Nominal.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        var attributes = action.SearchAttributes?.Clone() ?? new SearchAttributes();
        attributes.IndexedFields["TemporalScheduledStartTime"] = Value("\"" + at + "\"", "Datetime");
        attributes.IndexedFields["TemporalScheduledById"] = Value(System.Text.Json.JsonSerializer.Serialize(s.Id), "Keyword");
        return new StartWorkflowExecutionRequest
        {
            Namespace = s.Namespace,
            WorkflowId = s.Schedule.Policies?.KeepOriginalWorkflowId == true ? action.WorkflowId : $"{action.WorkflowId}-{at}",
            WorkflowType = action.WorkflowType,
            TaskQueue = action.TaskQueue,
            Input = action.Input,
            WorkflowExecutionTimeout = action.WorkflowExecutionTimeout,
            WorkflowRunTimeout = action.WorkflowRunTimeout,
            WorkflowTaskTimeout = action.WorkflowTaskTimeout,
            Identity = identity,
            RetryPolicy = action.RetryPolicy,
            CronSchedule = action.CronSchedule,
            Memo = action.Memo,
            SearchAttributes = attributes,
            Header = action.Header,
            UserMetadata = action.UserMetadata,
            Priority = action.Priority,
            LastCompletionResult = s.LastResult,
            ContinuedFailure = s.LastFailure,
        };
    }

    private static Payload Value(string json, string type)
    {
        var payload = new Payload { Data = ByteString.CopyFromUtf8(json) };
        payload.Metadata["encoding"] = ByteString.CopyFromUtf8("json/plain");
        payload.Metadata["type"] = ByteString.CopyFromUtf8(type);
        return payload;
    }
}
