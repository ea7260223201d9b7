using Temporalio.Api.Common.V1;

namespace VirtEngine.DR.Embedded.Runs;

/// <summary>The build that a worker names with its polls and answers: newer clients by a stamp, older ones as a checksum.</summary>
internal static class WorkerBuilds
{
    public static string Of(PollWorkflowTaskQueueRequest request) =>
        request.WorkerVersionCapabilities?.BuildId is { Length: > 0 } build ? build : request.BinaryChecksum;

    public static string Of(RespondWorkflowTaskCompletedRequest request) =>
        request.WorkerVersionStamp?.BuildId is { Length: > 0 } build ? build : request.BinaryChecksum;

    /// <summary>As it stands in an event; null when the worker named none.</summary>
    public static WorkerVersionStamp? Stamp(string buildId) => buildId.Length == 0 ? null : new WorkerVersionStamp { BuildId = buildId };
}
