namespace VirtEngine.DR.Embedded.Runs;

/// <summary>Markers: patches, local activities and the SDK's other notes to itself.</summary>
internal static class Markers
{
    public static void Record(Turn turn, Run run, long completedId, Command command)
    {
        var c = command.RecordMarkerCommandAttributes;
        var e = Histories.New(turn, EventType.MarkerRecorded);
        e.UserMetadata = command.UserMetadata;
        e.MarkerRecordedEventAttributes = new()
        {
            MarkerName = c.MarkerName,
            WorkflowTaskCompletedEventId = completedId,
            Header = c.Header,
            Failure = c.Failure,
        };
        e.MarkerRecordedEventAttributes.Details.Add(c.Details);
        Histories.Append(turn, run, e);
    }
}
