namespace VirtEngine.DR.Activities.Nodes.StateSync;

/// <summary>What stood in a node's <c>config.toml</c> before a state sync, on disk before the file is touched: whatever comes, it can be put back.</summary>
/// <param name="WorkflowId">The run.</param>
/// <param name="FirstRunId">Its first execution.</param>
/// <param name="Before">Values as the file wrote them, by <c>section.key</c>.</param>
/// <param name="After">Values that the run writes.</param>
internal sealed record StateSyncRecord(
    string WorkflowId, string FirstRunId, SortedDictionary<string, string> Before, SortedDictionary<string, string> After)
{
    /// <summary>Where it is kept.</summary>
    public static string PathIn(NodeHome home) => Path.Combine(home.Private, "statesync.json");
}
