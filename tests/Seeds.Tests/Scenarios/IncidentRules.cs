using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Incidents;
using VirtEngine.DR.Seeds.Tests.Lab;

namespace VirtEngine.DR.Seeds.Tests.Scenarios;

/// <summary>What must hold of the escalation and the aftermath of every run: nobody is paged twice for a level, and nothing that is owed is lost.</summary>
public static class IncidentRules
{
    /// <summary>What does not hold.</summary>
    public static IEnumerable<string> Check(Account account)
    {
        ArgumentNullException.ThrowIfNull(account);
        var clocks = account.Runs.Where(r => r.Type == WorkflowTypes.Escalation).Select(r => (Run: r, State: r.ResultAs<EscalationState>())).Where(c => c.State is not null).ToArray();
        return [.. clocks.SelectMany(c => Once(account, c.Run.WorkflowId, c.State!)), .. account.Runs.Where(r => r.State?.Outcome is not null).SelectMany(r => Of(account, r, clocks.Select(c => c.State!)))];
    }

    private static IEnumerable<string> Once(Account account, string id, EscalationState clock)
    {
        if (clock.Told.GroupBy(t => (t.Level, Again: t.Again > 0)).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            yield return $"{id} says that it paged level {twice.Key.Level} twice";
        }

        var keys = account.World.Notifications.Select(n => n.Key).Where(k => k.StartsWith(id + "/", StringComparison.Ordinal)).ToHashSet();
        foreach (var told in clock.Told.Where(t => t.Delivered && !keys.Contains(Key(id, t))))
        {
            yield return $"{id} says that it paged {told.Role}, and nobody was";
        }

        if (clock.Told.Any(t => t.Again > 0) && clock.Told.Count(t => t is { Level: > 0, Again: 0 }) != clock.Levels.Count)
        {
            yield return $"{id} left out a level: {string.Join(", ", clock.Told.Select(t => t.Role))}";
        }

        if (clock is { StoppedBy: null, Ended: null })
        {
            yield return $"{id} went silent, and nobody is on it";
        }
    }

    private static string Key(string id, EscalationTold told) => FormattableString.Invariant($"{id}/{told.Level}{(told.Again > 0 ? $"/again/{told.Again}" : "")}");

    private static IEnumerable<string> Of(Account account, Ended run, IEnumerable<EscalationState> clocks)
    {
        var state = run.State!;
        var paged = clocks.Where(c => c.Run.WorkflowId == run.WorkflowId && c.Run.FirstRunId == run.RunId).SelectMany(c => c.Told).Select(t => (t.Clock, t.Level, t.Again)).Order().ToArray();
        if (!paged.SequenceEqual(state.Escalated.Select(t => (t.Clock, t.Level, t.Again)).Order()) && state.Journal.All(j => j.Event != "escalation.silent"))
        {
            yield return $"{run.WorkflowId} says that {state.Escalated.Count} levels were paged, it were {paged.Length}";
        }

        var owes = state is { IncidentClass: "D4", Mode: not RunMode.DryRun, Outcome: RunOutcome.Succeeded or RunOutcome.Partial or RunOutcome.RolledBack };
        var free = state.IncidentClass == "D1" || state.Outcome is RunOutcome.Denied or RunOutcome.Aborted or RunOutcome.Planned;
        var aftermath = account.Runs.Count(r => r.WorkflowId == Names.AftermathId(run.WorkflowId, run.RunId));
        if ((owes && state.Aftermath.Count != 2) || (free && state.Aftermath.Count > 0))
        {
            yield return $"{run.WorkflowId} ({state.IncidentClass}, {state.Outcome}) owes {state.Aftermath.Count} things";
        }

        if (aftermath != (state.Aftermath.Count > 0 ? 1 : 0))
        {
            yield return $"{run.WorkflowId} owes {state.Aftermath.Count} things, and {aftermath} workflows remind of them";
        }

        if (state.Aftermath.Count > 0 && account.World.Evidence.FirstOrDefault(e => e.WorkflowId == run.WorkflowId && e.Outcome is not null) is { } kept && kept.Aftermath.Count != state.Aftermath.Count)
        {
            yield return $"the evidence of {run.WorkflowId} does not say what is owed";
        }
    }
}
