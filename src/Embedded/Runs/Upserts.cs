using Google.Protobuf.Collections;

namespace VirtEngine.DR.Embedded.Runs;

/// <summary>Search attributes and memo that a workflow changes: an empty value removes the field.</summary>
internal static class Upserts
{
    public static void Merge(MapField<string, Payload> into, MapField<string, Payload> from)
    {
        foreach (var (name, payload) in from)
        {
            if (Visibility.SearchValues.IsEmpty(payload))
            {
                into.Remove(name);
            }
            else
            {
                into[name] = payload;
            }
        }
    }

    public static void SearchAttributes(Turn turn, Run run, long completedId, UpsertWorkflowSearchAttributesCommandAttributes command)
    {
        var e = Histories.New(turn, EventType.UpsertWorkflowSearchAttributes);
        e.UpsertWorkflowSearchAttributesEventAttributes = new() { WorkflowTaskCompletedEventId = completedId, SearchAttributes = command.SearchAttributes };
        Histories.Append(turn, run, e);
        run.Listed = true;
    }

    public static void Memo(Turn turn, Run run, long completedId, ModifyWorkflowPropertiesCommandAttributes command)
    {
        var e = Histories.New(turn, EventType.WorkflowPropertiesModified);
        e.WorkflowPropertiesModifiedEventAttributes = new() { WorkflowTaskCompletedEventId = completedId, UpsertedMemo = command.UpsertedMemo };
        Histories.Append(turn, run, e);
        run.Listed = true;
    }
}
