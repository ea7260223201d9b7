namespace VirtEngine.DR.Activities.Nodes;

/// <summary>The newest attempt of each run that wrote to a home, in the order of their last write.</summary>
/// <param name="Runs">Oldest first.</param>
internal sealed record AttemptRecord(IReadOnlyList<AttemptOfRun> Runs);

/// <summary>The newest attempt of a run.</summary>
/// <param name="WorkflowId">The run.</param>
/// <param name="FirstRunId">Its first execution.</param>
/// <param name="Number">The highest number seen.</param>
internal sealed record AttemptOfRun(string WorkflowId, string FirstRunId, int Number);
