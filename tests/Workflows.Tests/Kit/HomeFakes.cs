using Temporalio.Activities;
using Temporalio.Exceptions;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Nodes;

namespace VirtEngine.DR.Tests.Kit;

/// <summary>The node worker's activities that prepare a home, on the world.</summary>
public sealed class HomeFakes(World world) : IHomeActivities
{
    [Activity("home.observe")]
    public Task<HomeObservation> ObserveAsync(RestoreAct act) => world.Faults.RunAsync("home.observe", Observe);

    [Activity("home.prepare")]
    public Task<HomeObservation> PrepareAsync(RestoreAct act) => world.Faults.RunAsync("home.prepare", () =>
    {
        world.Admit("home.prepare", act.Key);
        if (world is { Home: "lost", Process: not ProcessState.Stopped })
        {
            throw new ApplicationFailureException("the node runs", ErrorTypes.Conflict, nonRetryable: true);
        }

        world.Home = "prepared";
        return Observe();
    });

    [Activity("home.unprepare")]
    public Task<HomeObservation> UnprepareAsync(RestoreAct act) => world.Faults.RunAsync("home.unprepare", () =>
    {
        world.Admit("home.unprepare", act.Key);
        world.Home = "lost";
        return Observe();
    });

    [Activity("home.make-node-key")]
    public Task<HomeObservation> MakeNodeKeyAsync(RestoreAct act) => world.Faults.RunAsync("home.make-node-key", () =>
    {
        world.Admit("home.make-node-key", act.Key);
        world.NodeId ??= "fresh-id";
        return Observe();
    });

    [Activity("home.remove-node-key")]
    public Task<HomeObservation> RemoveNodeKeyAsync(RestoreAct act) => world.Faults.RunAsync("home.remove-node-key", () =>
    {
        world.Admit("home.remove-node-key", act.Key);
        world.NodeId = world.NodeId == "fresh-id" ? null : world.NodeId;
        return Observe();
    });

    [Activity("home.compare")]
    public Task<ConfigurationComparison> CompareAsync(RestoreAct act) => world.Faults.RunAsync("home.compare", () => new ConfigurationComparison(world.Corrupt.Configuration == "replaced" ? [] : world.Corrupt.Differences, []));

    [Activity("home.replace")]
    public Task<HomeObservation> ReplaceAsync(ReplaceAct act) => world.Faults.RunAsync("home.replace", () =>
    {
        world.Admit("home.replace", act.Act.Key);
        if (world.Process != ProcessState.Stopped)
        {
            throw new ApplicationFailureException("the node runs", ErrorTypes.Conflict, nonRetryable: true);
        }

        world.Corrupt.Configuration = act.Files.SequenceEqual(world.Corrupt.Differences.Select(one => one.Path)) ? "replaced" : "something else";
        return Observe();
    });

    [Activity("home.put-back")]
    public Task<HomeObservation> PutBackAsync(RestoreAct act) => world.Faults.RunAsync("home.put-back", () =>
    {
        world.Admit("home.put-back", act.Key);
        world.Corrupt.Configuration = "former";
        return Observe();
    });

    private HomeObservation Observe() => new()
    {
        Replacement = world.Corrupt.Configuration == "replaced" ? HomePreparation.Complete : HomePreparation.None,
        Former = world.Corrupt.Configuration == "replaced" ? "/home/node/.virtengine-dr/former-configuration/x" : null,
        Preparation = world.Home switch { "prepared" => HomePreparation.Complete, "partial" => HomePreparation.Partial, _ => HomePreparation.None },
        Placed = world.Home == "prepared" ? 3 : 0,
        Staging = world.Home == "prepared" ? "/home/node/.virtengine-dr/restore/x" : null,
        NotPlaced = world.Home == "prepared" ? ["/etc/istio/mesh.yaml: outside the home, missing there"] : [],
        NodeId = world.NodeId,
        MadeNodeKey = world.NodeId == "fresh-id",
    };
}
