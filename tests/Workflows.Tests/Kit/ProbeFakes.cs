using Temporalio.Activities;
using Temporalio.Exceptions;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Observe;

namespace VirtEngine.DR.Tests.Kit;

/// <summary>Probes and the measuring of what the regions hold, on the world.</summary>
public sealed class ProbeFakes(World world) : IProbeActivities, IRpoActivities
{
    [Activity("probe.look")]
    public Task<HealthReport> LookAsync(ProbeQuery query) => world.Faults.RunAsync("probe.look", () => Look.At(world, 0));

    [Activity("probe.await-healthy")]
    public Task<HealthReport> AwaitHealthyAsync(ProbeQuery query) => world.Faults.RunAsync("probe.await-healthy", () =>
    {
        var report = Look.At(world, 0);
        return report.Health == Health.Healthy
            ? report
            : throw new ApplicationFailureException($"not healthy in time: {string.Join("; ", report.Reasons)}", ErrorTypes.Deadline, nonRetryable: true);
    });

    [Activity("probe.watch")]
    public Task<HealthReport> WatchAsync(ProbeQuery query) => world.Faults.RunAsync("probe.watch", () => Look.At(world, 0));

    [Activity("rpo.measure")]
    public Task<Holdings> MeasureAsync(RpoQuery query) => world.Faults.RunAsync("rpo.measure", () => world.Holdings ?? new Holdings(world.Time.GetUtcNow(), null, null, []));

    [Activity("rpo.backups")]
    public Task<IReadOnlyList<BackupAge>> BackupsAsync(BackupAgeQuery query) => world.Faults.RunAsync<IReadOnlyList<BackupAge>>(
        "rpo.backups", () => [.. query.Nodes.Select(node => new BackupAge(node, "1000-backup-1", 1000, new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), 4, null))]);
}
