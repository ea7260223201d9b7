using VirtEngine.DR.Contracts;
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

    /// <summary>Open entries as another run can read them, oldest first.</summary>
    public IReadOnlyList<UndoRecord> Records() => [.. entries.Where(e => !e.Settled).Select(e => new UndoRecord(
        e.Step.Id, e.Step.Number, e.Step.Undo, e.Before.Value, e.Before.Text, e.Step.After, e.Unknown,
        e.Step.Undo == UndoKind.Keep ? e.Step.KeptText : e.Step.UndoRisk))];

    /// <summary>Takes over what another run registered. Until <see cref="Bind"/> knows its steps, nothing can be undone.</summary>
    public void Restore(IReadOnlyList<UndoRecord> records)
    {
        ArgumentNullException.ThrowIfNull(records);
        entries.AddRange(records.Select(r => new UndoEntry(Unbound(r), new(r.Before, r.BeforeText)) { Unknown = r.Unknown }));
    }

    /// <summary>Gives entries that were taken over the declarations of this plan. What was kept stays kept, whatever the facts say now.</summary>
    public void Bind(IReadOnlyList<StepDeclaration> steps)
    {
        foreach (var entry in entries.Where(e => !e.Settled))
        {
            if (steps.FirstOrDefault(s => s.Id == entry.Step.Id) is not { } step)
            {
                continue;
            }

            var keep = entry.Step.Undo == UndoKind.Keep && step.Undo == UndoKind.Restore;
            entry.Step = step with { After = entry.Step.After, Undo = keep ? UndoKind.Keep : step.Undo, KeptText = keep ? entry.Step.KeptText : step.KeptText };
        }
    }

    /// <summary>The unwinding as a plan: one line an undo, with a mark where it leads back into what was broken.</summary>
    public IReadOnlyList<string> Lines() => UndoLines.Of(Records());

    private static StepDeclaration Unbound(UndoRecord record) => new()
    {
        Id = record.Step,
        Number = record.Number,
        Title = record.Step,
        Undo = record.Kind,
        After = record.After,
        KeptText = record.Kind == UndoKind.Keep ? record.Text : "",
        UndoRisk = record.Kind == UndoKind.Keep ? "" : record.Text,
        Describe = () => Task.FromResult(new Observed(
            "unknown", "unknown", $"this plan has no step {record.Step}: undo it by hand ({record.After} back to {record.Before}), then skip it with an approval")),
        Act = _ => throw new Temporalio.Exceptions.ApplicationFailureException($"{record.Step} is only undone here", ErrorTypes.Forbidden, nonRetryable: true),
        UndoAct = _ => throw new Temporalio.Exceptions.ApplicationFailureException($"this plan has no step {record.Step}", ErrorTypes.NotFound, nonRetryable: true),
    };
}
