namespace VirtEngine.DR.Embedded.Runs;

/// <summary>Who started a child, and by which event.</summary>
internal sealed record ParentLink(string Namespace, string WorkflowId, string RunId, long InitiatedEventId);
