using System.Globalization;
using Temporalio.Api.Enums.V1;
using Temporalio.Client;
using Temporalio.Exceptions;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Starter.Errors;

namespace VirtEngine.DR.Starter.Runs;

/// <summary>Runs on a Temporal server: start, look, list.</summary>
internal sealed class RunClient(ITemporalClient client)
{
    /// <summary>How long a query waits for a worker.</summary>
    private static readonly TimeSpan QueryLimit = TimeSpan.FromSeconds(8);

    /// <summary>The workflow types that are runs with a state, a plan and verbs.</summary>
    public static IReadOnlyList<string> Runbooks { get; } = [WorkflowTypes.NodeFailure, WorkflowTypes.ZoneFailover, WorkflowTypes.ZoneFailback, WorkflowTypes.DataCorruption, WorkflowTypes.BackupRestore, WorkflowTypes.SignerMove];

    /// <summary>The workflow types that are shown in the list besides.</summary>
    public static IReadOnlyList<string> Jobs { get; } =
    [
        WorkflowTypes.BackupChainState, WorkflowTypes.BackupProviderState, WorkflowTypes.BackupConfiguration, WorkflowTypes.VerifyBackups,
        WorkflowTypes.PruneBackups, WorkflowTypes.CheckSchedules, WorkflowTypes.KeptData, WorkflowTypes.TrustAnchors,
    ];

    public ITemporalClient Client { get; } = client;

    /// <summary>Starts a workflow under a name that a person can type.</summary>
    public async Task<WorkflowHandle> StartAsync(string type, string id, object input, string summary, CancellationToken cancellationToken) =>
        await Client.StartWorkflowAsync(type, [input], new WorkflowOptions(id, Names.ControlQueue)
        {
            IdReusePolicy = WorkflowIdReusePolicy.RejectDuplicate,
            StaticSummary = summary,
            Rpc = new RpcOptions { CancellationToken = cancellationToken },
        }).ConfigureAwait(false);

    /// <summary>A new run's id: runbook, target and UTC time.</summary>
    public static string NewId(string type, string? target, DateTimeOffset now) => string.Create(
        CultureInfo.InvariantCulture, $"{type}.{target ?? "all"}.{now.UtcDateTime:yyyyMMdd-HHmmss}-{Random.Shared.Next(0x1000):x3}");

    /// <summary>The state of a run, open or closed. Needs a control worker.</summary>
    public Task<RunState> StateAsync(string run, CancellationToken cancellationToken) =>
        Client.GetWorkflowHandle(run).QueryAsync<RunState>(Verbs.State, [], new WorkflowQueryOptions
        {
            Rpc = new RpcOptions { Timeout = QueryLimit, CancellationToken = cancellationToken },
        });

    /// <summary>What the server itself knows about a run.</summary>
    public async Task<WorkflowExecutionDescription> DescribeAsync(string run, CancellationToken cancellationToken)
    {
        try
        {
            return await Client.GetWorkflowHandle(run).DescribeAsync(new WorkflowDescribeOptions
            {
                Rpc = new RpcOptions { CancellationToken = cancellationToken },
            }).ConfigureAwait(false);
        }
        catch (RpcException exception) when (exception.Code == RpcException.StatusCode.NotFound)
        {
            throw new CliException(ErrorTypes.NotFound, $"There is no run '{run}'. The open runs are listed by: virtengine-dr status", exception);
        }
    }

    /// <summary>Open runs (and, where asked, closed ones), newest first.</summary>
    public async Task<IReadOnlyList<RunSummary>> ListAsync(bool closedToo, CancellationToken cancellationToken)
    {
        var types = string.Join(", ", Runbooks.Concat(Jobs).Select(type => $"'{type}'"));
        var query = $"WorkflowType IN ({types})" + (closedToo ? "" : " AND ExecutionStatus = 'Running'");
        var runs = new List<RunSummary>();
        await foreach (var execution in Client.ListWorkflowsAsync(query).WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            runs.Add(Summarize(execution));
        }

        return [.. runs.OrderByDescending(run => run.StartedAt)];
    }

    /// <summary>The run that is meant: the named one, else the only open runbook.</summary>
    public async Task<string> ResolveAsync(string? run, CancellationToken cancellationToken)
    {
        if (run is not null)
        {
            return run;
        }

        var open = (await ListAsync(closedToo: false, cancellationToken).ConfigureAwait(false)).Where(one => Runbooks.Contains(one.Type)).ToList();
        return open.Count switch
        {
            1 => open[0].Run,
            0 => throw new CliException(ErrorTypes.NotFound, "No runbook is open. Closed runs are listed by: virtengine-dr status --all"),
            _ => throw new CliException(
                ErrorTypes.InvalidInput, "Several runs are open; name one of: " + string.Join(", ", open.Select(one => one.Run))),
        };
    }

    internal static RunSummary Summarize(WorkflowExecution execution)
    {
        string? Keyword(Temporalio.Common.SearchAttributeKey<string> key) =>
            execution.TypedSearchAttributes.TryGetValue(key, out var value) ? value : null;
        return new RunSummary(
            execution.Id, execution.WorkflowType, Keyword(SearchAttributeNames.Target), Keyword(SearchAttributeNames.Region),
            Keyword(SearchAttributeNames.IncidentClass), Keyword(SearchAttributeNames.Mode), Keyword(SearchAttributeNames.Phase),
            Keyword(SearchAttributeNames.Outcome), execution.Status.ToString(), Utc(execution.StartTime),
            execution.CloseTime is { } closed ? Utc(closed) : null,
            execution.TypedSearchAttributes.TryGetValue(SearchAttributeNames.RtoDeadline, out var deadline) ? deadline : null);
    }

    private static DateTimeOffset Utc(DateTime time) => new(DateTime.SpecifyKind(time, DateTimeKind.Utc));
}
