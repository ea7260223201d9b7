using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Workflows.Flow;

/// <summary>The undos of a run, registered before their acts, worked off last in, first out.</summary>
public sealed class UndoStack
{
    private readonly List<UndoEntry> entries = [];

    /// <summary>Open entries, last in first.</summary>
    public IReadOnlyList<UndoEntry> Open => [.. Enumerable.Reverse(entries).Where(e => !e.Settled)];

    /// <summary>Whether anything was begun.</summary>
    public bool Any => entries.Count > 0;

    /// <summary>The entry of a step, if it has one.</summary>
    public UndoEntry? Of(string step) => entries.Find(e => e.Step.Id == step);

    /// <summary>Registers an undo; the first observation stands.</summary>
    public UndoEntry Register(StepDeclaration step, Observed before)
    {
        var entry = Of(step.Id);
        if (entry is null)
        {
            entry = new(step, before);
            entries.Add(entry);
        }
        else
        {
            entry.Step = step;
        }

        return entry;
    }

    /// <summary>The unwinding as a plan: one line an undo, with a mark where it leads back into what was broken.</summary>
    public IReadOnlyList<string> Lines() => [.. Open.Select(Line)];

    private static string Line(UndoEntry entry)
    {
        var step = entry.Step;
        var text = step.Undo switch
        {
            UndoKind.Restore => $"undo {step.Number} {step.Id}: back to {entry.Before.Value}",
            UndoKind.Keep => $"keep {step.Number} {step.Id}: {step.KeptText}",
            _ => $"leave {step.Number} {step.Id}: it has no undo",
        };
        return step.UndoRisk.Length > 0 && step.Undo == UndoKind.Restore ? $"{text} [! {step.UndoRisk}]" : text;
    }
}
