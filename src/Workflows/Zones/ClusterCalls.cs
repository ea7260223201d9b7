using Temporalio.Exceptions;
using Temporalio.Workflows;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Clusters;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Workflows.Flow;

namespace VirtEngine.DR.Workflows.Zones;

/// <summary>The calls that a zone's runbooks make, and how their answers read as a world to compare.</summary>
public sealed class ClusterCalls(ZoneSlice slice)
{
    private string Place => $"{slice.Zone} of {slice.Target.Region}";

    /// <summary>Looks at the cluster.</summary>
    public Task<ClusterObservation> LookAsync() => Workflow.ExecuteActivityAsync(
        (IClusterActivities a) => a.LookAsync(slice.Target), Policies.Probe($"looks at the cluster of {slice.Target.Region}"));

    /// <summary>How far the zone is cordoned, as a world.</summary>
    public async Task<Observed> CordonAsync()
    {
        var zone = ZoneSight.Of(await LookAsync(), slice.Zone);
        return new(zone.Cordon, zone.Text, zone.Nodes.Count == 0 ? $"{slice.Zone} has no machines any more: there is nothing to cordon or to lift" : null);
    }

    /// <summary>Cordons the zone.</summary>
    public async Task<string> CordonAsync(StepKey key)
    {
        var now = await Workflow.ExecuteActivityAsync((IClusterActivities a) => a.CordonAsync(new(key, slice.Target, slice.Zone, null)), Intent(key, "cordons " + Place));
        return ZoneSight.Of(now, slice.Zone).Text;
    }

    /// <summary>Lifts a run's cordons.</summary>
    public async Task<string> UncordonAsync(StepKey key, string by)
    {
        var now = await Workflow.ExecuteActivityAsync((IClusterActivities a) => a.UncordonAsync(new(key, slice.Target, slice.Zone, by)), Intent(key, "lifts the cordons of " + Place));
        return ZoneSight.Of(now, slice.Zone).Text;
    }

    /// <summary>How many pods a workload wants, as a world.</summary>
    public async Task<Observed> ScaleAsync(string workload)
    {
        var one = (await LookAsync()).Workloads.First(found => found.Name == workload);
        return new(
            FormattableString.Invariant($"{one.Desired}"), FormattableString.Invariant($"{workload} wants {one.Desired} pods, {one.Ready} are ready"),
            one.Found ? null : $"{workload} is not in the cluster of {slice.Target.Region}");
    }

    /// <summary>Scales a workload.</summary>
    public async Task<string> ScaleAsync(StepKey key, string workload, int from, int to, int? former)
    {
        var one = await Workflow.ExecuteActivityAsync(
            (IClusterActivities a) => a.ScaleAsync(new(key, slice.Target, workload, from, to, former)), Intent(key, FormattableString.Invariant($"scales {workload} to {to}")));
        return FormattableString.Invariant($"{workload} wants {one.Desired} pods");
    }

    /// <summary>Sends the pods out of the zone.</summary>
    public async Task<string> EvictAsync(StepKey key, TimeSpan within)
    {
        var report = await Workflow.ExecuteActivityAsync(
            (IClusterActivities a) => a.EvictAsync(new(key, slice.Target, slice.Zone, within)), Policies.Watch("evicts from " + Place, within));
        string[] parts =
        [
            $"gone: {Listed(report.Gone)}",
            .. report.Leaving.Count > 0 ? [$"leaving, on machines that nobody hears: {Listed(report.Leaving)}"] : Array.Empty<string>(),
            .. report.Left.Count > 0 ? [$"left: {string.Join("; ", report.Left)}"] : Array.Empty<string>(),
        ];
        return string.Join(". ", parts);
    }

    /// <summary>Waits until every workload has as many ready pods as it wants.</summary>
    /// <param name="without">The zone whose pods do not count; null: all count.</param>
    /// <param name="within">How long.</param>
    public async Task<string> AwaitRolloutAsync(string? without, TimeSpan within) => (await Workflow.ExecuteActivityAsync(
        (IClusterActivities a) => a.AwaitRolloutAsync(new(slice.Target, without, within)), Policies.Watch($"waits for the workloads of {slice.Target.Region}", within))).Text;

    /// <summary>Watches that they stay so.</summary>
    public async Task<WatchReport> WatchAsync(string? without, TimeSpan left, CancellationToken cancellation)
    {
        var options = Policies.Watch($"watches the workloads of {slice.Target.Region}", left);
        options.CancellationToken = cancellation;
        options.CancellationType = ActivityCancellationType.TryCancel;
        var report = await Workflow.ExecuteActivityAsync((IClusterActivities a) => a.WatchAsync(new(slice.Target, without, left)), options);
        return new(report.Ready, report.Text);
    }

    /// <summary>Waits until the zone's machines and the workloads have been good for a while.</summary>
    /// <exception cref="ApplicationFailureException">Conflict: they were not.</exception>
    public async Task<string> SettleAsync(TimeSpan period)
    {
        var report = await WatchAsync(null, period, CancellationToken.None);
        var seen = ZoneSight.Of(await LookAsync(), slice.Zone);
        return report.Healthy == true && seen.IsWhole ? $"{seen.Text}; {report.Text}, for {period}" : throw new ApplicationFailureException(
            $"not good for {period}: {seen.Text}; {report.Text}. Retry when it is", ErrorTypes.Conflict, nonRetryable: true);
    }

    /// <summary>Who signs.</summary>
    public Task<PowerReport> PowerAsync() => Workflow.ExecuteActivityAsync(
        (IChainActivities a) => a.PowerAsync(new(slice.Chain.Id, slice.References)), Policies.Probe("counts the voting power"));

    /// <summary>Waits until the chain is seen to advance by a node outside the zone.</summary>
    public async Task<string> AwaitChainAsync(TimeSpan within)
    {
        var (node, others) = (slice.References[0], slice.References.Skip(1).ToArray());
        var report = await Workflow.ExecuteActivityAsync(
            (IChainActivities a) => a.AwaitHealthyAsync(new(slice.Chain.Id, node, others, slice.Chain.MaxLagBlocks, slice.Chain.MaxBlockAge, within, 0)),
            Policies.Watch("waits until the chain is seen to advance", within));
        return $"{node.Node}: {string.Join("; ", report.Reasons)}";
    }

    private static ActivityOptions Intent(StepKey key, string summary) => key.Direction == StepKeys.Undo ? Policies.Undo(summary) : Policies.Mutate(summary);

    private static string Listed(IReadOnlyList<string> names) => names.Count == 0 ? "none" : string.Join(", ", names);
}
