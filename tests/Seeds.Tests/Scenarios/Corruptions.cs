using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Seeds.Tests.Lab;
using VirtEngine.DR.Tests.Kit;
using VirtEngine.DR.Workflows.Corruption;

namespace VirtEngine.DR.Seeds.Tests.Scenarios;

/// <summary>RB-DR-004 on a node whose data is corrupt in some way, or is not.</summary>
public static class Corruptions
{
    private const string Id = "recover";

    private static readonly string[] Calls =
    [
        "estate.node", "repository.choose", "node.observe", "chain.power", "chain.compare", "forensics.forecast", "forensics.look", "forensics.preserve", "stores.look", "stores.check", "rollback.look",
        "rollback.one", "rollback.one", "restore.stage", "restore.verify-staged", "node.stop", "restore.swapped", "restore.swap", "node.start", "chain.await-healthy", "chain.reconcile",
        "restore.swap-back", "notify.send", "evidence.write",
    ];

    /// <summary>One node.</summary>
    public static Scenario Recover { get; } = new()
    {
        Name = "recover",
        Workflows = [typeof(DataCorruptionWorkflow)],
        Prepare = Prepare,
        Begin = async stage =>
        {
            await stage.StartAsync(WorkflowTypes.DataCorruption, Input(stage), Id);
            RunOperator.LookAfter(stage, Id, stage.Dice.Below(3, "operator/wild"));
        },
        Check = account => [.. RestoreRules.Check(account, WorkflowTypes.DataCorruption), .. Check(account, account.World)],
    };

    /// <summary>Two nodes in one run.</summary>
    public static Scenario Several { get; } = new()
    {
        Name = "recover-several",
        Workflows = [typeof(DataCorruptionWorkflow)],
        Prepare = (world, dice) =>
        {
            Prepare(world, dice);
            world.Twin = new World("node-1") { Time = world.Time, Region = world.Region };
            Prepare(world.Twin, dice);
            world.Twin.Simulated = world.Simulated;
        },
        Begin = async stage =>
        {
            await stage.StartAsync(WorkflowTypes.DataCorruption, Input(stage) with { Node = "", Nodes = [stage.World.Node, stage.World.Twin!.Node] }, Id);
            RunOperator.LookAfter(stage, Id, stage.Dice.Below(3, "operator/wild"));
        },
        Check = account =>
        [
            .. CommonRules.Check(account), .. IncidentRules.Check(account),
            .. Check(account, account.World), .. Check(account, account.World.Twin!), .. Together(account),
        ],
    };

    private static DataCorruptionInput Input(Stage stage) => new()
    {
        Node = stage.World.Node,
        Kind = stage.Dice.One("input/kind", CorruptionKinds.State, CorruptionKinds.Database),
        Recovery = stage.Dice.One("input/recovery", Recoveries.Auto, Recoveries.Auto, Recoveries.Auto, Recoveries.Rollback, Recoveries.Restore),
        WithoutCopy = stage.Dice.Happens(0.1, "input/without-copy"),
        Mode = stage.Dice.Happens(0.05, "input/dry") ? RunMode.DryRun : RunMode.Practice,
        Operator = "alice",
        Reason = "its app hash is wrong",
    };

    private static void Prepare(World world, Dice dice)
    {
        world.Healthy = !dice.Happens(0.1, "world/unhealthy");
        world.FormerIsWhole = dice.Happens(0.15, "world/whole");
        world.Kind = dice.Happens(0.1, "world/validator") ? NodeKind.Validator : NodeKind.Full;
        world.Process = dice.One("world/process", ProcessState.Running, ProcessState.Running, ProcessState.Stopped, ProcessState.Frozen);
        world.Hung = dice.Happens(0.7, "world/hung");
        world.Symptoms = dice.One<IReadOnlyList<Symptom>>(
            "world/symptom", [], [], [], [new(Symptoms.AppHash, "wrong Block.Header.AppHash")], [new(Symptoms.CorruptStore, "manifest corrupted")], [new(Symptoms.ConflictingVote, "found conflicting vote from ourselves")]);
        var corrupt = world.Corrupt;
        corrupt.GoodHeight = world.FormerIsWhole ? long.MaxValue : dice.One<long>("corrupt/good", 1199, 1199, 1197, 1000, long.MaxValue);
        corrupt.GoodBlocks = dice.Happens(0.2, "corrupt/forked") ? corrupt.GoodHeight : long.MaxValue;
        corrupt.BlockAhead = dice.Happens(0.2, "corrupt/ahead");
        corrupt.Mends = dice.Happens(0.6, "corrupt/mends");
        corrupt.WriteOnce = !dice.Happens(0.2, "corrupt/not-write-once");
        corrupt.Unreadable = dice.Happens(0.1, "corrupt/unreadable") ? "CURRENT is missing" : null;
        corrupt.Torn = !world.FormerIsWhole && dice.Happens(0.2, "corrupt/torn") ? [new("data/state.db/000001.ldb", "wrong checksum")] : [];
        corrupt.ChainStands = dice.Happens(0.1, "corrupt/stands");
        world.Watch = new() { Period = dice.One("world/watch", TimeSpan.Zero, TimeSpan.FromMinutes(10)) };
        Some.Faults(world, dice, Calls);
    }

    /// <summary>What is undone on one of them is preceded by the copies of both, and by the end of what was done to the other.</summary>
    private static IEnumerable<string> Together(Account account)
    {
        World[] worlds = [account.World, account.World.Twin!];
        foreach (var run in account.Runs.Where(r => r.Type == WorkflowTypes.DataCorruption && r.State is not null))
        {
            var acts = worlds.SelectMany(world => world.Acts.Where(act => act.Key.WorkflowId == run.WorkflowId && act.Key.Direction == "do").Select(act => (world.Node, act.Activity, act.Key.Number, act.Key.FirstRunId))).OrderBy(act => act.Number).ToArray();
            var cures = acts.Where(act => act.Activity is "rollback.one" or "restore.swap" && act.FirstRunId.IndexOf('/', StringComparison.Ordinal) < 0).ToArray();
            if (cures.Zip(cures.Skip(1)).Count(pair => pair.First.Node != pair.Second.Node) > 1)
            {
                yield return $"{run.WorkflowId} went back and forth between its nodes: {string.Join(", ", cures)}";
            }

            var firstCure = cures.Select(act => act.Number).DefaultIfEmpty(int.MaxValue).First();
            if (acts.Any(act => act.Activity == "forensics.preserve" && act.Number > firstCure && worlds.Any(world => world.Node == act.Node && world.Kind != NodeKind.Validator)))
            {
                yield return $"{run.WorkflowId} undid something before a copy of the other node was made: {string.Join(", ", acts)}";
            }
        }
    }

    private static IEnumerable<string> Check(Account account, World world)
    {
        foreach (var run in account.Runs.Where(r => r.Type == WorkflowTypes.DataCorruption && r.State is not null))
        {
            var (state, rolled) = (run.State!, world.Corrupt.Rolled.ToArray());
            var waived = state.Journal.Any(entry => entry.Event == "gate.passed" && entry.Text.Contains("no-copy", StringComparison.Ordinal));
            if (world.Acts.Any(act => act.Key.WorkflowId == run.WorkflowId && act.Activity is "rollback.one" or "restore.swap") && world.Corrupt.Copies.IsEmpty && !waived)
            {
                yield return $"{run.WorkflowId} destroyed evidence without a copy and without anybody's word";
            }

            if (rolled.GroupBy(one => (one.Run, one.Height.FromHeight, one.Height.Hard)).Any(same => same.Count() > 1))
            {
                yield return $"{run.WorkflowId} undid a height twice";
            }

            if (rolled.Length > VerdictTable.MostRollbacks + 1)
            {
                yield return $"{run.WorkflowId} undid {rolled.Length} heights";
            }

            if (state.Outcome == RunOutcome.Succeeded && (world.Process != ProcessState.Running || !(world.Data == "backup" || world.FormerIsWhole)))
            {
                yield return $"{run.WorkflowId} succeeded, but {world.Node} is {world.Process} on {world.Data} data";
            }

            if (rolled.Length > 0 && state.Outcome is RunOutcome.RolledBack or RunOutcome.Aborted && rolled.Length > 0 && !state.Missing.Any(line => line.Contains("stays rolled back", StringComparison.Ordinal)))
            {
                yield return $"{run.WorkflowId} is {state.Outcome}, and nothing says that the state stays rolled back";
            }

            if (world.Symptoms.Any(s => s.Kind == Symptoms.ConflictingVote) && world.Acts.Any(a => a.Activity is "node.start" or "rollback.one"))
            {
                yield return $"{run.WorkflowId} touched a node whose log tells of two signers";
            }
        }
    }
}
