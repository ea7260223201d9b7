using Temporalio.Activities;

namespace VirtEngine.DR.Contracts.Nodes;

/// <summary>The node's own rollback command, on the node's own host (queue <c>dr-node-&lt;name&gt;</c>): one height at a time, each exactly once.</summary>
public interface IRollbackActivities
{
    /// <summary>The heights of the stopped node's stores, the rollbacks that this run did, and why none may be done now. Reads only.</summary>
    [Activity("rollback.look")]
    Task<RollbackState> LookAsync(RollbackAct act);

    /// <summary>
    /// Undoes the height <see cref="RollbackAct.FromHeight"/> by running the node's command once; what is about to be done is on disk before. The same
    /// call again looks at the stores and does not undo a second one. The node must be stopped. Heartbeats while the command runs; it is never killed.
    /// </summary>
    [Activity("rollback.one")]
    Task<RollbackState> OneAsync(RollbackAct act);
}
