using Temporalio.Activities;

namespace VirtEngine.DR.Contracts.Nodes;

/// <summary>State sync on a node's own host (queue <c>dr-node-&lt;name&gt;</c>).</summary>
public interface IStateSyncActivities
{
    /// <summary>What this node has to offer to others: its snapshot settings and snapshots. Reads only.</summary>
    [Activity("statesync.source")]
    Task<SnapshotSource> SourceAsync(NodeTarget target);

    /// <summary>Where this run's state sync of the node is, and whether the node may be state-synced at all. Reads only.</summary>
    [Activity("statesync.look")]
    Task<StateSyncState> LookAsync(StateSyncAct act);

    /// <summary>Makes an empty data folder ready for the swap.</summary>
    [Activity("statesync.stage")]
    Task<StateSyncState> StageAsync(StateSyncAct act);

    /// <summary>
    /// Writes the settings into <c>config.toml</c>, everything else character by character as it was. What stood there is on disk, in a record beside the
    /// home's other records, before the file is touched. The node reads it at its next start.
    /// </summary>
    [Activity("statesync.configure")]
    Task<StateSyncState> ConfigureAsync(StateSyncAct act);

    /// <summary>Puts back what stood there, value by value, and only where nobody changed it since. Idempotent; the node may run.</summary>
    [Activity("statesync.restore-configuration")]
    Task<StateSyncState> RestoreConfigurationAsync(StateSyncAct act);

    /// <summary>Watches inside one heartbeating call until the node has synced, ended, or the time is over. That it did not sync is an answer.</summary>
    [Activity("statesync.await")]
    Task<StateSyncOutcome> AwaitAsync(StateSyncAct act);
}
