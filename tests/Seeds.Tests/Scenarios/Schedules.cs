using Temporalio.Client.Schedules;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Seeds.Tests.Lab;
using VirtEngine.DR.Tests.Kit;
using VirtEngine.DR.Workflows.Backups;

namespace VirtEngine.DR.Seeds.Tests.Scenarios;

/// <summary>The watch over schedules, by its own schedule: each thing is told once.</summary>
public static class Schedules
{
    private static readonly string[] Watched = [WorkflowTypes.BackupChainState, WorkflowTypes.BackupConfiguration, WorkflowTypes.VerifyBackups];
    private static readonly TimeSpan Hours = TimeSpan.FromHours(8);

    /// <summary>Eight hours of it.</summary>
    public static Scenario Check { get; } = new()
    {
        Name = WorkflowTypes.CheckSchedules,
        Workflows = [typeof(CheckSchedulesWorkflow)],
        Prepare = (world, dice) =>
        {
            Look(world, dice, 0);
            Some.Faults(world, dice, ["schedules.look", "notify.send"]);
        },
        Begin = BeginAsync,
        Check = account => [.. CommonRules.Check(account), .. Told(account)],
    };

    private static async Task BeginAsync(Stage stage)
    {
        var schedule = await stage.Client.CreateScheduleAsync("check", new(
            ScheduleActionStartWorkflow.Create(WorkflowTypes.CheckSchedules, [new ScheduleCheckInput()], new("check", stage.Queue)),
            new ScheduleSpec { Intervals = [new(TimeSpan.FromHours(1))] }));
        for (var hour = 1; hour < Hours.TotalHours; hour++)
        {
            var change = hour;
            if (stage.Dice.Happens(0.3, $"change/{hour}"))
            {
                stage.Desk.Plan(TimeSpan.FromMinutes((60 * hour) + 30), () =>
                {
                    stage.Say("schedules change");
                    Look(stage.World, stage.Dice, change);
                    return Task.CompletedTask;
                });
            }
        }

        // Between two checks: at the very moment of one, either could be first.
        stage.Desk.Plan(Hours - TimeSpan.FromMinutes(20), async () =>
        {
            stage.Say("the schedule is deleted");
            await schedule.DeleteAsync();
        });
    }

    private static void Look(World world, Dice dice, int hour) => world.Schedules = [.. Watched.Select(w => new ScheduleLook(
        w, TimeSpan.FromDays(1), !dice.Happens(0.1, $"look/{hour}/{w}/absent"), dice.Happens(0.2, $"look/{hour}/{w}/paused"), dice.Below(2, $"look/{hour}/{w}/missed"), null, null))];

    private static IEnumerable<string> Told(Account account)
    {
        var checks = account.Runs.Where(r => r.Type == WorkflowTypes.CheckSchedules).ToArray();
        if (checks.Length < Hours.TotalHours - 1)
        {
            yield return $"only {checks.Length} checks ran in {Hours}";
        }

        // What one check told and the next found again is told once; a check that found it gone lets it be told anew.
        var told = account.World.Notifications.DistinctBy(n => n.Key).ToArray();
        HashSet<string> known = [];
        foreach (var check in checks)
        {
            if (check.ResultAs<ScheduleCheckOutcome>() is not { } outcome)
            {
                continue;
            }

            var pages = told.Where(n => n.Key.Contains(check.RunId, StringComparison.Ordinal)).ToArray();
            foreach (var problem in outcome.Problems)
            {
                var here = pages.Any(n => n.Summary.Contains(problem.Text, StringComparison.Ordinal));
                if (here && known.Contains(problem.Key))
                {
                    yield return $"told again: {problem.Text}";
                }

                if (!here && !known.Contains(problem.Key) && outcome.Unheard.Count == 0)
                {
                    yield return $"never told: {problem.Text}";
                }
            }

            known = [.. outcome.Problems.Select(p => p.Key)];
        }
    }
}
