using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Seeds.Tests.Lab;
using VirtEngine.DR.Tests.Kit;
using VirtEngine.DR.Workflows.Backups;
using VirtEngine.DR.Workflows.Flow;

namespace VirtEngine.DR.Seeds.Tests.Scenarios;

/// <summary>The three backups of a node, sometimes cancelled, sometimes while somebody restores the node.</summary>
public static class Backups
{
    private const string Id = "backup";

    private static readonly string[] Calls =
    [
        "estate.node", "estate.backed-up-nodes", "backup.upload", "backup.discard", "repository.replicate:eu-west-1", "repository.replicate:ap-south-1", "repository.verify",
        "notify.send",
    ];

    /// <summary>One a workflow.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        Of(WorkflowTypes.BackupChainState, typeof(BackupChainStateWorkflow)),
        Of(WorkflowTypes.BackupProviderState, typeof(BackupProviderStateWorkflow)),
        Of(WorkflowTypes.BackupConfiguration, typeof(BackupConfigurationWorkflow)),
    ];

    private static Scenario Of(string workflow, Type type) => new()
    {
        Name = workflow,
        Workflows = [type, typeof(LockWorkflow)],
        Prepare = Prepare,
        Begin = stage => BeginAsync(stage, workflow),
        Check = Check,
    };

    private static void Prepare(World world, Dice dice)
    {
        if (dice.Happens(0.3, "world/discarded"))
        {
            world.Faults.Fail("backup.capture", ErrorTypes.Discarded, permanent: false, times: 1 + dice.Below(3, "world/discarded/times"));
        }

        world.LeftOut = dice.Happens(0.2, "world/left-out") ? ["/etc/istio does not exist"] : null;
        world.NotifyWorks = !dice.Happens(0.1, "world/mute");
        Some.Faults(world, dice, Calls);
    }

    private static async Task BeginAsync(Stage stage, string workflow)
    {
        var node = stage.Dice.Happens(0.5, "input/node") ? stage.World.Node : null;
        await stage.StartAsync(workflow, new BackupInput { Node = node, Operator = "carol" }, Id);
        if (stage.Dice.Happens(0.25, "cancel"))
        {
            stage.Desk.Plan(Some.Moment(stage, "cancel"), () => stage.SendAsync("canceled in the UI", () => stage.Client.GetWorkflowHandle(Id).CancelAsync()));
        }

        if (stage.Dice.Happens(0.25, "restore"))
        {
            stage.Desk.Plan(Some.Moment(stage, "restore"), () => Restores.SecondAsync(stage, "restore", "D1"));
        }
    }

    private static IEnumerable<string> Check(Account account)
    {
        var run = account.Runs.Single(r => r.WorkflowId == Id);
        var outcome = run.ResultAs<BackupOutcome>();
        foreach (var wrong in RestoreRules.Check(account))
        {
            yield return wrong;
        }

        if (outcome is { Backups.Count: 0, Failures.Count: 0 } || (outcome is null && run.Failure is null))
        {
            yield return "it says neither what it stored nor why not";
        }

        if (outcome is { Backups.Count: > 0 } && account.World.Acts.All(a => a.Activity != "backup.upload"))
        {
            yield return "it says that it stored what nobody uploaded";
        }

        if (account.Plan.DuplicateActivities == 0 && account.World.Acts.Where(a => a.Activity == "backup.capture").GroupBy(a => a.Key).Any(g => g.Count() > 1))
        {
            yield return "an instant was captured twice under one key";
        }

        var words = string.Join("; ", [run.Failure, .. outcome?.Failures ?? []]);
        if (account.Staging.Count > 0 && Some.Gentle(account.Plan) && !words.Contains("still there", StringComparison.Ordinal))
        {
            yield return $"staging is left and nothing says so: {string.Join(", ", account.Staging)} ({words})";
        }
    }
}
