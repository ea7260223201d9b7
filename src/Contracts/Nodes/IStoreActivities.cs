using Temporalio.Activities;

namespace VirtEngine.DR.Contracts.Nodes;

/// <summary>A stopped node's databases, read as files on its own host (queue <c>dr-node-&lt;name&gt;</c>): nothing is opened for writing, no lock is taken.</summary>
public interface IStoreActivities
{
    /// <summary>The heights and the app hash in the stores. What cannot be read is unknown and says why, never 0. Reads only.</summary>
    [Activity("stores.look")]
    Task<NodeStores> LookAsync(NodeTarget target);

    /// <summary>Reads every block of every table of every database, the journals and the consensus WAL, and says what is torn. Heartbeats. Reads only.</summary>
    [Activity("stores.check")]
    Task<StoreCheck> CheckAsync(NodeTarget target);
}
