using Temporalio.Activities;
using Temporalio.Exceptions;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Forensics;
using VirtEngine.DR.Contracts.Nodes;

namespace VirtEngine.DR.Tests.Kit;

/// <summary>The node worker's activities of RB-DR-004 on the world.</summary>
public sealed class CorruptionFakes(World world) : IForensicActivities, IStoreActivities, IRollbackActivities
{
    private CorruptWorld Corrupt => world.Corrupt;

    [Activity("forensics.forecast")]
    public Task<ForensicForecast> ForecastAsync(ForensicAct act) => world.Faults.RunAsync("forensics.forecast", () => new ForensicForecast
    {
        Problems = [],
        Files = 10,
        Bytes = 1000,
        Bucket = "s3://audit",
        Region = "us-east-1",
        WriteOnce = Corrupt.WriteOnce,
        LockedUntil = Locked(),
        Duration = TimeSpan.FromMinutes(1),
        RateFrom = "assumed",
        LeftOut = [new("config/node_key.json", "a private key", "AB")],
    });

    [Activity("forensics.look")]
    public Task<ForensicState> LookAsync(ForensicAct act) => world.Faults.RunAsync("forensics.look", () =>
        Corrupt.Copies.ContainsKey(act.Key.FirstRunId) ? new ForensicState(ForensicProgress.Complete, Receipt(act)) : new ForensicState(ForensicProgress.None, null));

    [Activity("forensics.preserve")]
    public Task<ForensicReceipt> PreserveAsync(ForensicAct act) => world.Faults.RunAsync("forensics.preserve", () =>
    {
        world.Admit("forensics.preserve", act.Key);
        RequireStopped();
        if (!Corrupt.WriteOnce && !act.WithoutLock)
        {
            throw new ApplicationFailureException("the bucket is not write-once", ErrorTypes.NotConfigured, nonRetryable: true);
        }

        Corrupt.Copies[act.Key.FirstRunId] = true;
        return Receipt(act);
    });

    [Activity("stores.look")]
    public Task<NodeStores> LookAsync(NodeTarget target) => world.Faults.RunAsync("stores.look", Stores);

    [Activity("stores.check")]
    public Task<StoreCheck> CheckAsync(NodeTarget target) => world.Faults.RunAsync("stores.check", () => new StoreCheck(
        world.Time.GetUtcNow(), [new("data/application.db", 5, 500, world.Data == "former" ? Corrupt.Torn : [], null)]));

    [Activity("rollback.look")]
    public Task<RollbackState> LookAsync(RollbackAct act) => world.Faults.RunAsync("rollback.look", () => State(act));

    [Activity("rollback.one")]
    public Task<RollbackState> OneAsync(RollbackAct act) => world.Faults.RunAsync("rollback.one", () =>
    {
        world.Admit("rollback.one", act.Key);
        RequireStopped();
        var blocks = Stores().Blocks.Height!.Value;
        if (act.FromHeight == blocks && Corrupt.Rolled.All(one => one.Run != act.Key.FirstRunId || one.Height.FromHeight != blocks || one.Height.Hard != act.Hard))
        {
            // As the node's own command: a block that was not executed yet is all that goes, and plain nothing does.
            if (Corrupt.BlockAhead)
            {
                Corrupt.BlockAhead = !act.Hard;
            }
            else
            {
                Corrupt.StateHeight--;
                Corrupt.BlockAhead = !act.Hard;
            }

            Corrupt.Rolled.Enqueue((act.Key.FirstRunId, new(blocks, act.Hard, world.Time.GetUtcNow(), world.Time.GetUtcNow())));
        }

        return State(act);
    });

    private DateTimeOffset? Locked() => Corrupt.WriteOnce ? world.Time.GetUtcNow() + TimeSpan.FromDays(90) : null;

    private ForensicReceipt Receipt(ForensicAct act) => new()
    {
        Key = "forensic/" + act.Key.FirstRunId,
        Id = "1200-copy",
        Digest = new string('f', 64),
        Files = 10,
        Bytes = 1000,
        Bucket = "s3://audit",
        Region = "us-east-1",
        LockedUntil = Locked(),
        TakenAt = world.Time.GetUtcNow(),
        LeftOut = [],
    };

    private void RequireStopped()
    {
        if (world.Process != ProcessState.Stopped)
        {
            throw new ApplicationFailureException("the node runs", ErrorTypes.Conflict, nonRetryable: true);
        }
    }

    private RollbackState State(RollbackAct act) => new(
        Stores(), [.. Corrupt.Rolled.Where(one => one.Run == act.Key.FirstRunId).Select(one => one.Height)], world.Process == ProcessState.Stopped ? null : "the node runs");

    private NodeStores Stores()
    {
        var state = world.Data == "former" ? Corrupt.StateHeight : 1000;
        return Corrupt.Unreadable is { } why
            ? new() { At = world.Time.GetUtcNow(), Blocks = new(null, why), State = new(null, why), Application = new(null, why) }
            : new()
            {
                At = world.Time.GetUtcNow(),
                Blocks = new(Corrupt.BlockAhead ? state + 1 : state, null) { Base = 1 },
                State = new(state, null) { AppHash = world.Data == "former" ? Corrupt.Own(state) : CorruptWorld.Good(state) },
                Application = new(state, null),
            };
    }
}
