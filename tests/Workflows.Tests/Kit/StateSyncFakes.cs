using Temporalio.Activities;
using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Nodes;

namespace VirtEngine.DR.Tests.Kit;

/// <summary>State sync and the signing of anchors on the node's host, on the world.</summary>
public sealed class StateSyncFakes(World world) : IStateSyncActivities, IAnchorSigningActivities
{
    [Activity("statesync.source")]
    public Task<SnapshotSource> SourceAsync(NodeTarget target) => world.Faults.RunAsync("statesync.source", () => new SnapshotSource(target.Node.Name, 1000, 10, [world.Sync.SnapshotHeight], world.Sync.SnapshotBytes));

    [Activity("statesync.look")]
    public Task<StateSyncState> LookAsync(StateSyncAct act) => world.Faults.RunAsync("statesync.look", Look);

    [Activity("statesync.stage")]
    public Task<StateSyncState> StageAsync(StateSyncAct act) => world.Faults.RunAsync("statesync.stage", () =>
    {
        world.Admit("statesync.stage", act.Key);
        return Look();
    });

    [Activity("statesync.configure")]
    public Task<StateSyncState> ConfigureAsync(StateSyncAct act) => world.Faults.RunAsync("statesync.configure", () =>
    {
        world.Admit("statesync.configure", act.Key);
        world.Sync.Settings = act.Settings;
        return Look();
    });

    [Activity("statesync.restore-configuration")]
    public Task<StateSyncState> RestoreConfigurationAsync(StateSyncAct act) => world.Faults.RunAsync("statesync.restore-configuration", () =>
    {
        world.Admit("statesync.restore-configuration", act.Key);
        world.Sync.Settings = null;
        return Look();
    });

    [Activity("statesync.await")]
    public Task<StateSyncOutcome> AwaitAsync(StateSyncAct act) => world.Faults.RunAsync("statesync.await", () =>
    {
        if (world is { Process: ProcessState.Running, Data: "synced", Sync: { Works: true, Settings: not null } })
        {
            world.Sync.Synced = true;
        }

        return world.Sync.Synced
            ? new StateSyncOutcome(true, world.ChainHeight, "it took a snapshot and has blocks from 1001 to 1200")
            : new StateSyncOutcome(false, 0, "it has not synced within 900 s: no snapshots found: no peer serves any");
    });

    [Activity("anchors.sign")]
    public Task<SignedAnchor> SignAsync(AnchorSigning command) => world.Faults.RunAsync("anchors.sign", () => new SignedAnchor([1], [2], "key-1"));

    private StateSyncState Look() => new(world.Sync.Settings is null ? StateSyncConfiguration.AsItWas : StateSyncConfiguration.Configured, null, world.Sync.Refusal);
}
