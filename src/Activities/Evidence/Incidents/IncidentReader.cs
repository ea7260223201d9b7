using System.Globalization;
using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Activities.Evidence.Incidents;

/// <summary>Reads an incident out of a run's state. Nothing is added that the run did not record.</summary>
public static class IncidentReader
{
    private static readonly string[] First = ["power", "found", "health", "chain", "backup", "signer", "statesync"];
    private static readonly string[] Decisions = ["verb.approve", "verb.deny", "gate.passed", "gate.denied"];

    /// <summary>Whether the run belongs to an incident: it has a class, and is no dry run.</summary>
    public static bool Applies(RunState state) => state is { IncidentClass: not null, Mode: not RunMode.DryRun };

    /// <summary>Reads it.</summary>
    /// <param name="state">The run.</param>
    /// <param name="stateDigest">SHA-256 of the state's JSON, where it is kept.</param>
    public static IncidentRecord Read(RunState state, string? stateDigest)
    {
        var owner = state.Operator.Split('→')[^1].Trim();
        return new()
        {
            Id = state.WorkflowId,
            Runbook = state.Runbook,
            Title = state.Title,
            Class = state.IncidentClass ?? "none",
            Target = state.Target,
            Region = state.Region,
            Mode = state.Mode,
            Outcome = state.Outcome,
            Summary = state.Headline,
            Operator = state.Operator,
            Times = new(
                state.Clock.TriggeredAt, At(state, "run.started"), At(state, "plan.made"), state.Clock.ContainedAt, state.Clock.ProvenAt,
                At(state, "run.ending"), state.Clock.Target, state.Clock.AtGates, state.Clock.Paused),
            Approvals = [.. state.Journal.Where(e => Decisions.Contains(e.Event))],
            Escalated = state.Escalated,
            AcknowledgedBy = state.AcknowledgedBy,
            Impact = [.. state.Facts.Any(f => f.Name == "power") ? [] : new[] { "voting power: not observed by this run" }, .. state.Facts.OrderBy(f => Array.IndexOf(First, f.Name) is >= 0 and var place ? place : First.Length).SelectMany(Impact)],
            Done = [.. state.Steps.Where(s => s.Status is not (StepStatus.Waiting or StepStatus.LeftOut)).Select(Done)],
            Unproven = state.Missing,
            Actions =
            [
                .. state.Aftermath.Select(t => new IncidentAction($"{t.Title} ({t.Source})", t.Owner, t.DueAt, t.Done)),
                .. state.Missing.Select(m => new IncidentAction(m, owner, null, null)),
            ],
            Timeline = state.Journal,
            StateDigest = stateDigest,
        };
    }

    private static DateTimeOffset? At(RunState state, string what) => state.Journal.FirstOrDefault(e => e.Event == what)?.At;

    private static IEnumerable<string> Impact(FactState fact)
    {
        if (fact is { FirstValue: { } value, FirstAt: { } at })
        {
            yield return $"{fact.Name} at the beginning: {value} (observed {Time(at)})";
        }

        yield return $"{fact.Name}: {fact.Value} (observed {Time(fact.ObservedAt)})";
    }

    private static string Done(StepState step) =>
        $"{step.Number} {step.Title}: {Word(step.Status)}{(step.Detail is { Length: > 0 } detail ? $". {detail}" : "")}{(step.Error is { } error ? $". Error: {error}" : "")}";

    private static string Word(StepStatus status) => status switch
    {
        StepStatus.AlreadySo => "was so already",
        StepStatus.Done => "done and proven",
        StepStatus.Skipped => "SKIPPED, unproven",
        StepStatus.Failed => "FAILED",
        StepStatus.Kept => "kept by an abort",
        StepStatus.Undone => "undone and proven",
        StepStatus.Running => "at work",
        _ => status.ToString(),
    };

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
