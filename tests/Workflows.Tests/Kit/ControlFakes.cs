using Temporalio.Activities;
using Temporalio.Api.Enums.V1;
using Temporalio.Client;
using Temporalio.Exceptions;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Clusters;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Evidence;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Incidents;
using VirtEngine.DR.Contracts.Locks;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Contracts.Notify;

namespace VirtEngine.DR.Tests.Kit;

/// <summary>The control worker's activities on the world.</summary>
public sealed class ControlFakes(World world, ITemporalClient client)
    : IEstateActivities, IChainActivities, IRepositoryActivities, ILockActivities, IEvidenceActivities, INotifyActivities, IScheduleActivities, IIncidentActivities
{
    [Activity("estate.node")]
    public Task<NodeSlice> NodeAsync(string node) => world.Faults.RunAsync(
        "estate.node",
        () => world.Find(node) is { } own ? Slices.Of(own) : world.Others.Contains(node) ? Slices.Of(world, node) : throw new ApplicationFailureException($"no node {node}; there is {world.Node}", ErrorTypes.NotFound, nonRetryable: true));

    [Activity("estate.zone")]
    public Task<ZoneSlice> ZoneAsync(string region, string zone) => world.Faults.RunAsync("estate.zone", () => Slices.Zone(world, region, zone));

    [Activity("estate.backed-up-nodes")]
    public Task<IReadOnlyList<string>> BackedUpNodesAsync(string kind) => world.Faults.RunAsync<IReadOnlyList<string>>("estate.backed-up-nodes", () => [world.Node]);

    [Activity("estate.contacts")]
    public Task<IReadOnlyList<ContactSpec>> ContactsAsync(string incidentClass) => world.Faults.RunAsync<IReadOnlyList<ContactSpec>>(
        "estate.contacts", () => [.. world.Contacts.Where(c => c.Classes.Count == 0 || c.Classes.Contains(incidentClass))]);

    [Activity("chain.observe")]
    public Task<ChainObservation> ObserveAsync(ChainQuery query) => world.Faults.RunAsync(
        "chain.observe",
        () => new ChainObservation(world.Time.GetUtcNow(), world.ChainHeight, world.Time.GetUtcNow(), [.. query.References.Select(r => r.Node)], []));

    [Activity("chain.power")]
    public Task<PowerReport> PowerAsync(ChainQuery query) => world.Faults.RunAsync(
        "chain.power",
        () => new PowerReport(world.Time.GetUtcNow(), world.ChainHeight - 1, 100, 75, [new("AB", 25)], new(30_000, 28_500, TimeSpan.FromMinutes(1)), []));

    [Activity("chain.health")]
    public Task<HealthReport> HealthAsync(HealthQuery query) => world.Faults.RunAsync("chain.health", () => Report(query));

    [Activity("chain.await-healthy")]
    public Task<HealthReport> AwaitHealthyAsync(HealthQuery query) => world.Faults.RunAsync(query.MaxLagBlocks > 1000 ? "chain.await-healthy" : "chain.reconcile", () =>
    {
        var report = Report(query);
        return report.Health == Health.Healthy
            ? report
            : throw new ApplicationFailureException($"not healthy in time: {string.Join("; ", report.Reasons)}", ErrorTypes.Deadline, nonRetryable: true);
    });

    [Activity("chain.watch-health")]
    public async Task<HealthReport> WatchHealthAsync(HealthQuery query)
    {
        var context = ActivityExecutionContext.Current;
        var clock = System.Diagnostics.Stopwatch.StartNew();
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (Report(query) is { } report)
        {
            if (report.Health != Health.Healthy || clock.Elapsed >= query.Within)
            {
                return report;
            }

            context.Heartbeat();
            await ticks.WaitForNextTickAsync(context.CancellationToken);
        }

        throw new InvalidOperationException("there is always a report");
    }

    [Activity("chain.compare")]
    public Task<StateComparison> CompareAsync(StateQuery query) => world.Faults.RunAsync("chain.compare", () => Of(query.Subject).Corrupt.Compare(Of(query.Subject), query));

    [Activity("repository.choose")]
    public Task<BackupChoice> ChooseAsync(ChooseCommand command) => world.Faults.RunAsync(command.Kind == BackupKinds.Configuration ? "repository.choose:configuration" : "repository.choose", () =>
    {
        var id = command.Selector.StartsWith("newest", StringComparison.Ordinal) ? "1000-backup-1" : command.Selector;
        return new BackupChoice(Slices.Backup(Of(command.Slice.Target.Node.Name), id, command.Kind), ["us-east-1", "eu-west-1"], 4, world.Time.GetUtcNow(), world.Newer, []);
    });

    [Activity("repository.replicate")]
    public Task<VerificationReport> ReplicateAsync(ReplicateCommand command) => world.Faults.RunAsync(
        "repository.replicate:" + command.To.Region, () => new VerificationReport(command.Backup, command.To.Region, 1, world.Time.GetUtcNow(), null, []));

    [Activity("repository.verify")]
    public Task<VerificationReport> VerifyAsync(VerifyCommand command) => world.Faults.RunAsync(
        "repository.verify", () => new VerificationReport(command.Backup, command.Bucket.Region, command.Rung, world.Time.GetUtcNow(), null, []));

    [Activity("repository.prune")]
    public Task<PruneOutcome> PruneAsync(PruneCommand command) => world.Faults.RunAsync(
        "repository.prune",
        () => new PruneOutcome(command.DryRun, [new(command.Bucket.Region, command.Kind + "/1", true, "last 1")], command.DryRun ? 0 : 2, command.DryRun ? 0 : 20));

    [Activity("lock.watch-holder")]
    public async Task<HolderState> WatchHolderAsync(LockHolder holder)
    {
        var context = ActivityExecutionContext.Current;
        var handle = client.GetWorkflowHandle(holder.WorkflowId, holder.FirstRunId);
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            var description = await handle.DescribeAsync();
            if (description.Status != WorkflowExecutionStatus.Running)
            {
                return new(description.Status.ToString()) { Last = await LastAsync(handle, context.CancellationToken) };
            }

            context.Heartbeat();
            await ticks.WaitForNextTickAsync(context.CancellationToken);
        }
    }

    [Activity("lock.describe")]
    public async Task<LockState?> DescribeAsync(string lockId)
    {
        var handle = client.GetWorkflowHandle(lockId);
        try
        {
            return (await handle.DescribeAsync()).Status == WorkflowExecutionStatus.Running ? await handle.QueryAsync<LockState>("state", []) : null;
        }
        catch (RpcException e) when (e.Code == RpcException.StatusCode.NotFound)
        {
            return null;
        }
    }

    [Activity("schedules.look")]
    public Task<ScheduleSight> LookAsync() => world.Faults.RunAsync("schedules.look", () => new ScheduleSight(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero), world.Schedules, [new("ops", "webhook", "http://127.0.0.1:3", [])], world.Simulated));

    [Activity("evidence.write")]
    public Task<EvidenceReceipt> WriteAsync(RunState state) => world.Faults.RunAsync("evidence.write", () =>
    {
        world.Evidence.Enqueue(state);
        return new EvidenceReceipt("evidence/" + state.WorkflowId, new string('e', 64));
    });

    [Activity("incident.run-open")]
    public async Task<bool> IsOpenAsync(IncidentRun run)
    {
        await world.Faults.RunAsync("incident.run-open", () => true);
        try
        {
            return (await client.GetWorkflowHandle(run.WorkflowId, run.FirstRunId).DescribeAsync()).Status == WorkflowExecutionStatus.Running;
        }
        catch (RpcException e) when (e.Code == RpcException.StatusCode.NotFound)
        {
            return false;
        }
    }

    [Activity("incident.keep")]
    public Task<string> KeepAsync(AftermathState state) => world.Faults.RunAsync("incident.keep", () =>
    {
        world.Aftermaths.Enqueue(state);
        return "evidence/" + state.Run.WorkflowId + "/aftermath";
    });

    [Activity("notify.send")]
    public Task<IReadOnlyList<NotifyReceipt>> SendAsync(Notification notification) => world.Faults.RunAsync<IReadOnlyList<NotifyReceipt>>("notify.send", () =>
    {
        world.PagedAt.Enqueue(world.Time.GetUtcNow());
        world.Notifications.Enqueue(notification);
        return [new("ops", world.NotifyWorks, world.NotifyWorks ? "200" : "refused")];
    });

    private static async Task<RunState?> LastAsync(WorkflowHandle handle, CancellationToken stop)
    {
        try
        {
            // A worker that stops answers no query any more, so its own end must not wait for one.
            return await handle.QueryAsync<RunState>(Verbs.State, [], new() { Rpc = new() { CancellationToken = stop, Timeout = TimeSpan.FromSeconds(10) } });
        }
        catch (Exception e) when (e is RpcException or WorkflowQueryFailedException)
        {
            return null;
        }
    }

    private World Of(string? node) => (node is null ? null : world.Find(node)) ?? world;

    private HealthReport Report(HealthQuery query) => Look.At(world.Standby is { } other && query.Node.Node == other.Node ? other : Of(query.Node.Node), query.AtLeastHeight);
}
