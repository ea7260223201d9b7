using Temporalio.Activities;
using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Contracts.Nodes;

/// <summary>Activities on a node's own host (queue <c>dr-node-&lt;name&gt;</c>): observe, stop and start its process.</summary>
public interface INodeActivities
{
    /// <summary>What the node's host looks like now. Reads only.</summary>
    [Activity("node.observe")]
    Task<NodeObservation> ObserveAsync(NodeTarget target);

    /// <summary>Stops the node if it runs and waits until its databases are closed. Stopping a stopped node succeeds.</summary>
    [Activity("node.stop")]
    Task<NodeObservation> StopAsync(NodeAct act);

    /// <summary>Starts the node if it does not run. A node that may sign is started through its gate only, else refused (<see cref="ErrorTypes.Forbidden"/>).</summary>
    [Activity("node.start")]
    Task<NodeObservation> StartAsync(NodeAct act);
}
