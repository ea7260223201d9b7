using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Estates.Rules;

namespace VirtEngine.DR.Estates.Reading;

internal sealed class ScheduleReader(Problems problems)
{
    private static readonly string[] Workflows = [.. EstateDefaults.Schedules.Select(s => s.Workflow)];
    private static readonly TimeSpan DefaultCatchUp = TimeSpan.FromHours(1);

    public IReadOnlyList<ScheduleSpec> Read(MapReader? backups, IReadOnlyList<NodeSpec> nodes, IReadOnlyList<string> configurationPaths)
    {
        if (backups is null || !backups.Has("schedules"))
        {
            return Defaults(nodes, configurationPaths);
        }

        var given = backups.Groups("schedules", EstateSchema.Schedule).Select(s => (Reader: s, Spec: Schedule(s))).ToList();
        Text.CheckUnique([.. given.Select(g => (g.Reader.At("workflow"), g.Spec.Workflow))], "workflow", problems);
        return [.. given.Select(g => g.Spec)];
    }

    /// <summary>The plan's schedules, without those that have nothing to do here.</summary>
    internal static IReadOnlyList<ScheduleSpec> Defaults(IReadOnlyList<NodeSpec> nodes, IReadOnlyList<string> configurationPaths) =>
    [
        .. EstateDefaults.Schedules.Where(s => s.Workflow switch
        {
            WorkflowTypes.BackupChainState => nodes.Any(n => n.Backup != BackupMethod.None),
            WorkflowTypes.BackupProviderState => nodes.Any(n => n.Kind == NodeKind.Provider),
            WorkflowTypes.BackupConfiguration => configurationPaths.Count > 0,
            WorkflowTypes.TrustAnchors => nodes.Any(n => n.Backup != BackupMethod.None)
                && AnchorSources.Of(nodes, []).Count >= AnchorRules.Quorum,
            _ => true,
        }),
    ];

    private ScheduleSpec Schedule(MapReader schedule)
    {
        var workflow = schedule.Choice("workflow", Workflows, null);
        var text = schedule.RequiredText("cron");
        var limit = DefaultCatchUp;
        if (text.Length > 0)
        {
            if (CronExpression.TryParse(text, out var cron, out var error))
            {
                limit = cron.ShortestInterval;
            }
            else
            {
                problems.Add(schedule.At("cron"), $"{Secrets.Shown(text)} is not a schedule: {error}", EstateSchema.Schedule.Keys[1].Form);
            }
        }

        var catchUp = schedule.OptionalDuration("catchUp", TimeSpan.FromSeconds(10), TimeSpan.FromDays(366));
        if (catchUp > limit && !problems.IsBad(schedule.At("cron")))
        {
            problems.Add(
                schedule.At("catchUp"), $"{Quantity.Text(catchUp.Value)} is longer than the schedule's shortest interval of {Quantity.Text(limit)}.",
                $"At most {Quantity.Text(limit)}, or after an outage several runs would start for one.");
        }

        return new ScheduleSpec(workflow, text, catchUp ?? (limit < DefaultCatchUp ? limit : DefaultCatchUp));
    }
}
