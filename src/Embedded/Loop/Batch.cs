using VirtEngine.DR.Embedded.Store;

namespace VirtEngine.DR.Embedded.Loop;

/// <summary>What several steps of the loop leave behind: one transaction, and the answers that wait for it.</summary>
internal sealed class Batch(long number)
{
    private readonly Dictionary<string, Run> _touched = new(StringComparer.Ordinal);

    /// <summary>Its place in the order of batches.</summary>
    public long Number { get; } = number;

    public List<Reply> Replies { get; } = [];

    /// <summary>What the store shall write, in order.</summary>
    public List<StoreWrite> Writes { get; } = [];

    /// <summary>The engine dies with it; true when it is on disk by then.</summary>
    public bool? Death { get; set; }

    /// <summary>Set where the loop waits for everything before it; it carries nothing itself.</summary>
    public TaskCompletionSource? Drained { get; init; }

    public IReadOnlyCollection<Run> Touched => _touched.Values;

    public bool IsEmpty => Replies.Count == 0 && Writes.Count == 0 && _touched.Count == 0 && Death is null;

    /// <summary>How often anything was changed; tells whether a step that failed had begun to change things.</summary>
    public long Marks { get; private set; }

    /// <summary>Something that is no run begins to change.</summary>
    public void Mark() => Marks++;

    public void Touch(Run run)
    {
        Marks++;
        run.LastBatch = Number;
        _touched[run.State.RunId] = run;
    }

    /// <summary>A run that is gone: nothing of it is written any more.</summary>
    public void Forget(Run run)
    {
        Marks++;
        _touched.Remove(run.State.RunId);
        Writes.Add(new RunDelete(run.State.RunId));
    }

    /// <summary>Turns the changed runs into writes; called once, when the batch is complete.</summary>
    public void Seal()
    {
        foreach (var run in _touched.Values)
        {
            Writes.Add(RunWrite.Of(run));
        }
    }
}
