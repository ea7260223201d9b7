using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Starter.Views;

/// <summary>What is new since the last look, line by line: for watching without a terminal.</summary>
internal sealed class RunLines
{
    private readonly Dictionary<string, string> details = new(StringComparer.Ordinal);
    private int journal;
    private string headline = "";
    private string? gates;

    /// <summary>The lines that this state adds.</summary>
    public IReadOnlyList<string> Next(RunState state, DateTimeOffset now)
    {
        var lines = new List<string>();
        if (headline.Length == 0)
        {
            lines.Add($"{state.Runbook} {state.Title} [{Words.Mode(state.Mode)}] on {state.Target}, run {state.WorkflowId}");
        }

        // A journal that is bounded may have lost its oldest entries; what was shown is not shown again.
        lines.AddRange(state.Journal.Skip(Math.Min(journal, state.Journal.Count)).Select(RunText.JournalLine));
        journal = state.Journal.Count;
        foreach (var step in state.Steps.Where(step => step.Status == StepStatus.Running && step.Detail is { Length: > 0 }))
        {
            if (details.GetValueOrDefault(step.Id) != step.Detail)
            {
                details[step.Id] = step.Detail!;
                lines.Add(RunText.StepLine(step, now));
            }
        }

        if (headline != state.Headline)
        {
            headline = state.Headline;
            lines.Add($"  {Durations.Clock(now)} {Words.Phase(state)}: {state.Headline}");
        }

        var open = string.Join(',', state.Gates.Where(gate => gate.Open).Select(gate => $"{gate.Name}{gate.Approvals.Count}"));
        if (gates != open)
        {
            gates = open;
            lines.AddRange(open.Length > 0 ? RunText.PlanLines(state) : []);
        }

        return lines;
    }
}
