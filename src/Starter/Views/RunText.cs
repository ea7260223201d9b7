using System.Globalization;
using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Starter.Views;

/// <summary>A run as plain text: for pipes, logs and screen readers.</summary>
internal static class RunText
{
    /// <summary>All of it.</summary>
    public static IEnumerable<string> Lines(RunState state, DateTimeOffset now, int journal = 8)
    {
        yield return $"{state.Runbook} {state.Title} [{Words.Mode(state.Mode)}]";
        yield return $"run:      {state.WorkflowId}";
        yield return $"target:   {state.Target}{(state.Region is { } region ? ", " + region : "")}{(state.IncidentClass is { } c ? ", class " + c : "")}";
        yield return $"phase:    {Words.Phase(state)}";
        yield return $"operator: {(state.Operator.Length == 0 ? "nobody named" : state.Operator)}";
        yield return $"clock:    {ClockText.Line(state.Clock, now)}";
        yield return $"now:      {state.Headline}";
        foreach (var line in PlanLines(state).Concat(StepLines(state, now)).Concat(Rest(state, journal)))
        {
            yield return line;
        }
    }

    /// <summary>The plan and its open gate.</summary>
    public static IEnumerable<string> PlanLines(RunState state)
    {
        if (state.Plan is { } plan)
        {
            yield return "";
            yield return string.Create(CultureInfo.InvariantCulture, $"plan {plan.Number}, digest {VerbCommands.Short(plan.Digest)}");
            foreach (var line in Bullets("accepts", plan.Bounds).Concat(Bullets("risk", plan.Risks)))
            {
                yield return line;
            }
        }

        foreach (var fact in state.Facts)
        {
            yield return $"  fact     {fact.Name}: {fact.Value} (seen {Durations.Clock(fact.ObservedAt)})";
        }

        foreach (var gate in state.Gates.Where(gate => gate.Open))
        {
            yield return string.Create(
                CultureInfo.InvariantCulture, $"GATE {gate.Name}: {gate.Question} ({gate.Approvals.Count} of {gate.Required} approvals)");
        }

        if (state.Unwinding is { } unwinding)
        {
            yield return $"UNWINDING plan, digest {VerbCommands.Short(unwinding.Digest)}";
            foreach (var line in Bullets("undo", unwinding.Bounds).Concat(Bullets("risk", unwinding.Risks)))
            {
                yield return line;
            }
        }
    }

    /// <summary>One line a step, its error below it.</summary>
    public static IEnumerable<string> StepLines(RunState state, DateTimeOffset now)
    {
        if (state.Steps.Count > 0)
        {
            yield return "";
            yield return "steps";
        }

        foreach (var step in state.Steps)
        {
            yield return StepLine(step, now);
            if (step.Error is { } error)
            {
                yield return $"      error: {error}";
            }
        }
    }

    /// <summary>One step.</summary>
    public static string StepLine(StepState step, DateTimeOffset now)
    {
        var took = step.StartedAt is { } start ? Durations.Text((step.EndedAt ?? now) - start) : "";
        var detail = step.Detail is { Length: > 0 } text ? " - " + text : "";
        return $"  {step.Number,3} {StepGlyphs.Of(step.Status).Word,-10} {took,10}  {step.Title}{detail}";
    }

    private static IEnumerable<string> Rest(RunState state, int journal)
    {
        foreach (var line in Bullets("missing", state.Missing))
        {
            yield return line;
        }

        foreach (var told in state.Escalated)
        {
            yield return $"  paged    {Durations.Clock(told.At)} {told.Who()}{(told.Delivered ? "" : ": NOT REACHED, " + told.Detail)}";
        }

        if (state.AcknowledgedBy is { } by)
        {
            yield return $"  on it    {by} (claimed)";
        }

        foreach (var task in state.Aftermath)
        {
            yield return $"  owed     {task.Title} by {Durations.Stamp(task.DueAt)}: virtengine-dr incidents show {state.WorkflowId}";
        }

        if (state.Journal.Count > 0)
        {
            yield return "";
            yield return "journal";
        }

        foreach (var entry in state.Journal.TakeLast(journal))
        {
            yield return JournalLine(entry);
        }

        if (state.Allowed.Count > 0)
        {
            yield return "";
            yield return "you can";
        }

        foreach (var verb in state.Allowed)
        {
            yield return $"  {VerbCommands.Of(state, verb.Verb)}";
            yield return $"      {verb.Effect}";
        }

        if (state.Evidence is { } evidence)
        {
            yield return $"evidence: {evidence}";
        }
    }

    /// <summary>One entry of the journal.</summary>
    public static string JournalLine(JournalEntry entry) =>
        $"  {Durations.Clock(entry.At)} {(entry.Actor == "flow" ? "" : entry.Actor + ": ")}{entry.Text}";

    private static IEnumerable<string> Bullets(string label, IReadOnlyList<string> items) => items.Select(item => $"  {label,-8} {item}");
}
