namespace VirtEngine.DR.Worker;

/// <summary>An open run that this version cannot go on with.</summary>
/// <param name="WorkflowId">The run.</param>
/// <param name="WorkflowType">Its type.</param>
/// <param name="Version">The build that completed its newest workflow task; null when it has none.</param>
/// <param name="Problem">Where the replay left the history.</param>
public sealed record OpenRunMismatch(string WorkflowId, string WorkflowType, string? Version, string Problem);
