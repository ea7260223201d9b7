namespace VirtEngine.DR.Embedded.Runs;

/// <summary>The run that follows on one: its id, and how it begins.</summary>
internal sealed record Successor(string RunId, WorkflowExecutionStartedEventAttributes Started, Temporalio.Api.Sdk.V1.UserMetadata? Metadata);
