using Temporalio.Client;
using Temporalio.Worker;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Tests.Kit;

namespace VirtEngine.DR.Seeds.Tests.Lab;

/// <summary>Another node.</summary>
public sealed partial class Stage
{
    /// <summary>Another node with workers of its own, for control too: another world, on the same server.</summary>
    private void WorkTwin(TemporalWorkerOptions like, TemporalClient client)
    {
        if (World.Twin is not { } twin)
        {
            return;
        }

        var options = (TemporalWorkerOptions)like.Clone();
        options.TaskQueue = Names.NodeQueue(twin.Node);
        options.Activities.Clear();
        foreach (var activity in SeededFakes.All(twin, new NodeFakes(twin), Client, Time))
        {
            options.AddActivity(activity);
        }

        Run(new TemporalWorker(client, options));
    }

    /// <summary>Another host where the key may be: its own worker, with the activities of a node.</summary>
    private void WorkOtherHost(TemporalWorkerOptions like, TemporalClient client)
    {
        if (World.Signer is not { Other: not null } signer)
        {
            return;
        }

        var options = (TemporalWorkerOptions)like.Clone();
        options.TaskQueue = Names.NodeQueue(signer.OtherNode);
        options.Workflows.Clear();
        Run(new TemporalWorker(client, options));
    }
}
