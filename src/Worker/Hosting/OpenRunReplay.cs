using Microsoft.Extensions.Logging;
using Temporalio.Api.Enums.V1;
using Temporalio.Client;
using Temporalio.Common;
using Temporalio.Exceptions;
using Temporalio.Runtime;
using Temporalio.Worker;
using Temporalio.Workflows;
using VirtEngine.DR.Contracts;

namespace VirtEngine.DR.Worker.Hosting;

/// <summary>
/// Before a control worker polls, the history of every open run on its queue is replayed, page by page. One that does not pass, or no
/// time to look at all of them, means that this version does not poll.
/// </summary>
internal sealed class OpenRunReplay(ITemporalClient client, TemporalRuntime runtime, IReadOnlyList<Type> workflows, ILogger log)
{
    private const int LongestProblem = 400;

    private readonly WorkflowReplayer _replayer = new(Options(workflows, runtime));
    private readonly HashSet<string> _hosted = [.. workflows.Select(type => WorkflowDefinition.Create(type).Name).OfType<string>()];

    /// <summary>Replays all of them.</summary>
    /// <param name="queue">The queue that would be polled.</param>
    /// <param name="within">For all of them together.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="OpenRunsException">Not all pass.</exception>
    public async Task CheckAsync(string queue, TimeSpan within, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(within);
        var passed = 0;
        var mismatches = new List<OpenRunMismatch>();
        try
        {
            var query = $"TaskQueue = '{queue}' AND ExecutionStatus = 'Running'";
            await foreach (var run in client.ListWorkflowsAsync(query).WithCancellation(limit.Token).ConfigureAwait(false))
            {
                if (!_hosted.Contains(run.WorkflowType))
                {
                    log.LogWarning("Run {Run} on {Queue} is a {Type}, which this version does not host: it is not replayed", run.Id, queue, run.WorkflowType);
                    continue;
                }

                if (await ReplayAsync(run, limit.Token).ConfigureAwait(false) is { } mismatch)
                {
                    mismatches.Add(mismatch);
                    log.LogError("Run {Run} does not pass: {Problem}", mismatch.WorkflowId, mismatch.Problem);
                }
                else
                {
                    passed++;
                }
            }
        }
        catch (Exception e) when (limit.IsCancellationRequested && !stop.IsCancellationRequested && e is OperationCanceledException or RpcException)
        {
            throw new OpenRunsException(
                $"{WorkerVersion.BuildId} replayed {passed} open runs within {within}, and that was not all of them, so it does not poll. "
                + "Start it again where the server is less busy; in an emergency --skip-replay WHY polls unchecked.",
                mismatches);
        }

        if (mismatches.Count > 0)
        {
            throw OpenRunsException.Of(WorkerVersion.BuildId, mismatches);
        }

        log.LogInformation("{Count} open runs replay with {Version}", passed, WorkerVersion.BuildId);
    }

    private static WorkflowReplayerOptions Options(IReadOnlyList<Type> workflows, TemporalRuntime runtime)
    {
        // Two seconds without a processor are no deadlock, and a host that is short of processors must not keep its worker from polling: the time for all of them is limited.
        var options = new WorkflowReplayerOptions { DataConverter = DrDataConverter.Instance, Runtime = runtime, DebugMode = true };
        foreach (var workflow in workflows)
        {
            options.AddWorkflow(workflow);
        }

        return options;
    }

    private async Task<OpenRunMismatch?> ReplayAsync(WorkflowExecution run, CancellationToken stop)
    {
        WorkflowHistory history;
        try
        {
            history = await client.GetWorkflowHandle(run.Id, run.RunId).FetchHistoryAsync(new() { Rpc = new() { CancellationToken = stop } }).ConfigureAwait(false);
        }
        catch (RpcException e) when (e.Code == RpcException.StatusCode.NotFound)
        {
            // Over and gone since it was listed.
            return null;
        }

        var result = await _replayer.ReplayWorkflowAsync(history, throwOnReplayFailure: false, stop).ConfigureAwait(false);
        if (result.ReplayFailure is not { } failure)
        {
            return null;
        }

        var problem = failure.Message.ReplaceLineEndings(" ");
        return new(run.Id, run.WorkflowType, VersionOf(history), problem.Length > LongestProblem ? problem[..LongestProblem] + "…" : problem);
    }

    private static string? VersionOf(WorkflowHistory history) =>
        history.Events.Where(one => one.EventType == EventType.WorkflowTaskCompleted).Select(one => one.WorkflowTaskCompletedEventAttributes)
#pragma warning disable CS0612 // Without versioning by the server, this is the field that it fills in.
            .Select(task => task.DeploymentVersion?.BuildId is { Length: > 0 } deployed ? deployed : task.WorkerVersion?.BuildId)
#pragma warning restore CS0612
            .LastOrDefault(id => !string.IsNullOrEmpty(id));
}
