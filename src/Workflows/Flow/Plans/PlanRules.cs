using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Workflows.Flow;

/// <summary>What every declared plan must keep; a plan that breaks a rule is refused before anything is touched.</summary>
public static class PlanRules
{
    /// <summary>The rules that the draft breaks; empty when it is fine.</summary>
    public static IReadOnlyList<string> Check(PlanDraft draft)
    {
        ArgumentNullException.ThrowIfNull(draft);
        var mistakes = new List<string>();
        var committed = false;
        var seen = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var step in draft.Steps)
        {
            committed |= step.Commit;
            if (!seen.Add(step.Id))
            {
                mistakes.Add($"step {step.Id} is declared twice");
            }

            if (step.Describe is null && step.Changes.Length > 0)
            {
                mistakes.Add($"step {step.Id} changes something but cannot observe it");
            }

            if (step.Describe is not null && step.Undo == UndoKind.None && !committed)
            {
                mistakes.Add($"step {step.Id} acts before the commit without an undo");
            }

            if (step.Undo == UndoKind.Restore && step.UndoAct is null)
            {
                mistakes.Add($"step {step.Id} promises an undo that it does not have");
            }

            if (step.Undo == UndoKind.Keep && step.KeptText.Length == 0)
            {
                mistakes.Add($"step {step.Id} leaves something behind and does not say what");
            }
        }

        mistakes.AddRange(draft.Gates.Where(g => !seen.Contains(g.BeforeStep)).Select(g => $"gate {g.Name} stands before no step"));
        mistakes.AddRange(draft.Gates.GroupBy(g => g.Name, StringComparer.Ordinal).Where(g => g.Count() > 1)
            .Select(g => $"gate {g.Key} is declared twice"));
        return mistakes;
    }
}
