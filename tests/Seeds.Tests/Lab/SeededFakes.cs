using Temporalio.Activities;
using Temporalio.Api.Enums.V1;
using Temporalio.Client;
using Temporalio.Exceptions;
using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Locks;
using VirtEngine.DR.Contracts.Recovery;
using VirtEngine.DR.Embedded;
using VirtEngine.DR.Tests.Kit;

namespace VirtEngine.DR.Seeds.Tests.Lab;

/// <summary>The activities that wait, in virtual time; all others are the workflow tests' own.</summary>
public sealed class SeededFakes(World world, ITemporalClient client, VirtualTime time)
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    [Activity("chain.watch-health")]
    public async Task<HealthReport> WatchHealthAsync(HealthQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        var end = time.GetUtcNow() + query.Within;
        while (true)
        {
            var left = end - time.GetUtcNow();
            var report = Report(query);
            if (left <= TimeSpan.Zero || report.Health != Health.Healthy)
            {
                return report;
            }

            var relapse = world.RelapseAt is { } at && at > time.GetUtcNow() ? at - time.GetUtcNow() : left;
            await Waiting.ForAsync(time, relapse < left ? relapse : left);
        }
    }

    [Activity("recovery-plan.watch")]
    public async Task<PlanProgress> WatchPlanAsync(PlanWatch watch)
    {
        ArgumentNullException.ThrowIfNull(watch);
        var (now, plans) = (time.GetUtcNow(), world.Plans);
        var left = plans.BackAt is { } at && at - now < watch.Within ? at - now : watch.Within;
        await Waiting.ForAsync(time, left);
        if (plans.BackAt <= time.GetUtcNow())
        {
            (plans.Back, world.Corrupt.ChainStands) = (PlanWorld.Addresses, false);
        }

        return new(time.GetUtcNow(), plans.Back, watch.Validators.Where(one => one.Node is null && (plans.Back.Contains(one.Address) || watch.Said.Contains(one.Address))).Sum(one => one.Power), []);
    }

    [Activity("probe.watch")]
    public Task<HealthReport> WatchProbeAsync(Contracts.Observe.ProbeQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        return WatchHealthAsync(new("", new("", ""), [], 0, TimeSpan.Zero, query.Within, 0));
    }

    [Activity("cluster.watch")]
    public async Task<Contracts.Clusters.RolloutReport> WatchClusterAsync(Contracts.Clusters.RolloutQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        var report = ClusterFakes.Judge(world, query.Without);
        if (report.Ready == true)
        {
            await Waiting.ForAsync(time, query.Within);
        }

        return ClusterFakes.Judge(world, query.Without);
    }

    [Activity("lock.watch-holder")]
    public async Task<HolderState> WatchHolderAsync(LockHolder holder)
    {
        ArgumentNullException.ThrowIfNull(holder);
        var handle = client.GetWorkflowHandle(holder.WorkflowId, holder.FirstRunId);
        while (true)
        {
            var closed = time.RunsClosed;
            var description = await handle.DescribeAsync();
            if (description.Status != WorkflowExecutionStatus.Running)
            {
                return new(description.Status.ToString()) { Last = await LastAsync(handle) };
            }

            await Waiting.ForCloseAsync(time, closed);
        }
    }

    [Activity("lock.describe")]
    public async Task<LockState?> DescribeAsync(string lockId)
    {
        await world.Faults.RunAsync("lock.describe", () => true);
        while (true)
        {
            try
            {
                var description = await client.WorkflowService.DescribeWorkflowExecutionAsync(new() { Namespace = "default", Execution = new() { WorkflowId = lockId } });
                if (description.WorkflowExecutionInfo.Status != WorkflowExecutionStatus.Running)
                {
                    return null;
                }

                if (description.PendingWorkflowTask is null)
                {
                    return await client.GetWorkflowHandle(lockId).QueryAsync<LockState>("state", []);
                }
            }
            catch (RpcException e) when (e.Code == RpcException.StatusCode.NotFound)
            {
                return null;
            }

            // Its worker has died on a task: the query would wait for the next one, and that for time.
            await Waiting.ForAsync(time, Retry);
        }
    }

    /// <summary>All activities of the world, with these in place of those that wait in the machine's time.</summary>
    public static IEnumerable<ActivityDefinition> All(World world, NodeFakes node, ITemporalClient client, VirtualTime time)
    {
        var own = ActivityDefinition.CreateAll(new SeededFakes(world, client, time)).ToDictionary(a => a.Name!);
        object[] fakes = [new ControlFakes(world, client), node, new HomeFakes(world), new CorruptionFakes(world), new SignerFakes(world), new AnchorFakes(world), new StateSyncFakes(world), new ProbeFakes(world), new PowerFakes(world, client), new RecoveryPlanFakes(world), new ClusterFakes(world)];
        return fakes.SelectMany(f => ActivityDefinition.CreateAll(f.GetType(), f)).Where(a => !own.ContainsKey(a.Name!)).Concat(own.Values);
    }

    private HealthReport Report(HealthQuery query)
    {
        var relapsed = world.RelapseAt <= time.GetUtcNow();
        return new(
            time.GetUtcNow(), (world.Find(query.Node.Node) ?? world).Healthy && !relapsed ? Health.Healthy : Health.Unhealthy, world.ChainHeight, world.ChainHeight, 3, query.AtLeastHeight, "AB",
            [relapsed ? "relapsed" : "as it should be"]);
    }

    private static async Task<RunState?> LastAsync(WorkflowHandle handle)
    {
        try
        {
            return await handle.QueryAsync<RunState>(Verbs.State, []);
        }
        catch (Exception e) when (e is RpcException or WorkflowQueryFailedException)
        {
            return null;
        }
    }
}
