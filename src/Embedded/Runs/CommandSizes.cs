namespace VirtEngine.DR.Embedded.Runs;

/// <summary>Commands with more payload than a history takes. Causes and words are the official server's, down to the cause of a result.</summary>
internal static class CommandSizes
{
    /// <summary>What is too large; null when nothing is.</summary>
    public static (WorkflowTaskFailedCause Cause, string Message)? TooLarge(Command c)
    {
        if (c.ScheduleActivityTaskCommandAttributes is { } activity)
        {
            return Look(activity.Input, WorkflowTaskFailedCause.BadScheduleActivityAttributes, "ScheduleActivityTaskCommandAttributes.Input");
        }

        if (c.CompleteWorkflowExecutionCommandAttributes is { } complete)
        {
            return Look(complete.Result, WorkflowTaskFailedCause.BadScheduleActivityAttributes, "CompleteWorkflowExecutionCommandAttributes.Result");
        }

        if (c.FailWorkflowExecutionCommandAttributes is { } fail)
        {
            return Look(fail.Failure, WorkflowTaskFailedCause.BadFailWorkflowExecutionAttributes, "FailWorkflowExecutionCommandAttributes.Failure");
        }

        if (c.CancelWorkflowExecutionCommandAttributes is { } cancel)
        {
            return Look(cancel.Details, WorkflowTaskFailedCause.BadCancelWorkflowExecutionAttributes, "CancelWorkflowExecutionCommandAttributes.Details");
        }

        if (c.RecordMarkerCommandAttributes is { } marker)
        {
            return Look(marker.Details.Values.Sum(d => (long)d.CalculateSize()), WorkflowTaskFailedCause.BadRecordMarkerAttributes, "RecordMarkerCommandAttributes.Details");
        }

        if (c.SignalExternalWorkflowExecutionCommandAttributes is { } signal)
        {
            return Look(signal.Input, WorkflowTaskFailedCause.BadSignalWorkflowExecutionAttributes, "SignalExternalWorkflowExecutionCommandAttributes.Input");
        }

        if (c.StartChildWorkflowExecutionCommandAttributes is { } child)
        {
            return Look(child.Input, WorkflowTaskFailedCause.BadStartChildExecutionAttributes, "StartChildWorkflowExecutionCommandAttributes. Input")
                ?? Look(child.Memo, WorkflowTaskFailedCause.BadStartChildExecutionAttributes, "StartChildWorkflowExecutionCommandAttributes.Memo");
        }

        if (c.ContinueAsNewWorkflowExecutionCommandAttributes is { } next)
        {
            return Look(next.Input, WorkflowTaskFailedCause.BadContinueAsNewAttributes, "ContinueAsNewWorkflowExecutionCommandAttributes. Input")
                ?? Look(next.Memo, WorkflowTaskFailedCause.BadContinueAsNewAttributes, "ContinueAsNewWorkflowExecutionCommandAttributes. Memo");
        }

        return c.ModifyWorkflowPropertiesCommandAttributes is { } memo
            ? Look(memo.UpsertedMemo, WorkflowTaskFailedCause.BadModifyWorkflowPropertiesAttributes, "ModifyWorkflowPropertiesCommandAttributes") : null;
    }

    private static (WorkflowTaskFailedCause Cause, string Message)? Look(IMessage? blob, WorkflowTaskFailedCause cause, string name) =>
        Look(blob?.CalculateSize() ?? 0, cause, name);

    private static (WorkflowTaskFailedCause Cause, string Message)? Look(long bytes, WorkflowTaskFailedCause cause, string name) =>
        bytes > Limits.BlobBytes ? (cause, name + " exceeds size limit.") : null;
}
