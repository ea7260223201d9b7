using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Seeds.Tests.Lab;
using VirtEngine.DR.Tests.Kit;
using VirtEngine.DR.Workflows.Backups;
using VirtEngine.DR.Workflows.Flow;

namespace VirtEngine.DR.Seeds.Tests.Scenarios;

/// <summary>What keeps backups in order: verification, pruning, and the former data that restores kept.</summary>
public static class Upkeep
{
    private const string Id = "upkeep";
    private static readonly string[] Folders = ["a", "b", "c"];

    /// <summary>The verification ladder.</summary>
    public static Scenario Verify { get; } = new()
    {
        Name = WorkflowTypes.VerifyBackups,
        Workflows = [typeof(VerifyBackupsWorkflow)],
        Prepare = (world, dice) => Some.Faults(world, dice, ["estate.node", "estate.backed-up-nodes", "repository.choose", "repository.verify", "restore.prove", "notify.send"]),
        Begin = stage => stage.StartAsync(WorkflowTypes.VerifyBackups, new VerifyInput { Rung = 1 + stage.Dice.Below(4, "input/rung") }, Id),
        Check = account => [.. CommonRules.Check(account), .. Verified(account)],
    };

    /// <summary>The retention rules.</summary>
    public static Scenario Prune { get; } = new()
    {
        Name = WorkflowTypes.PruneBackups,
        Workflows = [typeof(PruneBackupsWorkflow)],
        Prepare = (world, dice) => Some.Faults(world, dice, ["estate.node", "estate.backed-up-nodes", "repository.prune", "notify.send"]),
        Begin = stage => stage.StartAsync(WorkflowTypes.PruneBackups, new PruneInput { DryRun = stage.Dice.Happens(0.5, "input/dry") }, Id),
        Check = account => [.. CommonRules.Check(account), .. Pruned(account)],
    };

    /// <summary>Former data on the node's host.</summary>
    public static Scenario Kept { get; } = new()
    {
        Name = WorkflowTypes.KeptData,
        Workflows = [typeof(KeptDataWorkflow), typeof(LockWorkflow)],
        Prepare = PrepareKept,
        Begin = BeginKeptAsync,
        Check = account => [.. RestoreRules.Check(account), .. KeptWell(account)],
    };

    private static IEnumerable<string> Verified(Account account)
    {
        var run = account.Runs.Single(r => r.WorkflowId == Id);
        if (!account.World.Acts.IsEmpty)
        {
            yield return "a verification acted";
        }

        if (run.Failure is null && run.ResultAs<VerifyOutcome>() is not { } outcome || run.ResultAs<VerifyOutcome>() is { Verified.Count: 0 })
        {
            yield return "it verified nothing and did not fail";
        }
    }

    private static IEnumerable<string> Pruned(Account account)
    {
        var run = account.Runs.Single(r => r.WorkflowId == Id);
        var dry = new Dice(account.Seed).Happens(0.5, "input/dry");
        if (run.ResultAs<PruneOutcome>() is not { } outcome)
        {
            if (run.Failure is null)
            {
                yield return "it decided nothing and did not fail";
            }

            yield break;
        }

        if (outcome.DryRun != dry || (dry && outcome.DeletedObjects > 0))
        {
            yield return "a dry run deleted";
        }

        if (outcome.Decisions.Where(d => d.Region.Length > 0).Select(d => d.Region).Distinct().Count() < 3)
        {
            yield return "a region was left out and nothing says so";
        }
    }

    private static void PrepareKept(World world, Dice dice)
    {
        world.Data = "backup";
        world.Healthy = dice.Happens(0.6, "world/healthy");
        foreach (var name in Folders.Where(n => dice.Happens(0.7, "world/folder/" + n)))
        {
            world.Kept[name] = new(
                name, "/kept/" + name, 100, world.Time.GetUtcNow() - TimeSpan.FromDays(dice.Below(3000, "world/since/" + name)), new string('d', 64),
                dice.Happens(0.2, "world/held/" + name) ? "its swap is not finished" : null);
        }

        Some.Faults(world, dice, ["estate.node", "restore.kept", "restore.drop-kept", "chain.health", "repository.choose", "notify.send"]);
    }

    private static async Task BeginKeptAsync(Stage stage)
    {
        var die = stage.Dice;
        await stage.StartAsync(
            WorkflowTypes.KeptData,
            new KeptInput { Node = stage.World.Node, Apply = Applies(die), WithoutProof = Unproven(die), Operator = "carol" }, Id);
        if (die.Happens(0.2, "cancel"))
        {
            stage.Desk.Plan(Some.Moment(stage, "cancel"), () => stage.SendAsync("canceled in the UI", () => stage.Client.GetWorkflowHandle(Id).CancelAsync()));
        }

        if (die.Happens(0.3, "restore"))
        {
            stage.Desk.Plan(Some.Moment(stage, "restore"), () => Restores.SecondAsync(stage, "restore", "D1"));
        }
    }

    private static bool Applies(Dice dice) => dice.Happens(0.8, "input/apply");

    private static string? Unproven(Dice dice) => dice.Happens(0.3, "input/unproven") ? "the disk is full and nobody needs it" : null;

    private static IEnumerable<string> KeptWell(Account account)
    {
        var dice = new Dice(account.Seed);
        var fresh = new World(account.World.Node) { Time = account.World.Time };
        PrepareKept(fresh, dice);
        var gone = fresh.Kept.Keys.Except(account.World.Kept.Keys).ToArray();
        if (gone.Length > 0 && !Applies(dice))
        {
            yield return "deleted although it was only asked what would be";
        }

        foreach (var name in gone.Where(n => fresh.Kept[n].Held is not null))
        {
            yield return $"{name} was deleted although it is held: {fresh.Kept[name].Held}";
        }

        var run = account.Runs.Single(r => r.WorkflowId == Id);
        if (run.ResultAs<KeptOutcome>() is { DryRun: false } outcome)
        {
            var said = outcome.Decisions.Where(d => d.Drop).Select(d => d.Folder.Name).Order().ToArray();
            if (!said.SequenceEqual(gone.Order()))
            {
                yield return $"it says that it deleted {string.Join(", ", said)}, and {string.Join(", ", gone)} is gone";
            }
        }
        else if (gone.Length > 0 && run.Failure is null)
        {
            yield return "something is gone and nothing says so";
        }
    }
}
