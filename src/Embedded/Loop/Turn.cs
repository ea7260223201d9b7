namespace VirtEngine.DR.Embedded.Loop;

/// <summary>
/// One step of the loop: the time that it is, the state, and what the step leaves behind. Everything that a transition may use comes from here, so that the
/// same inputs at the same times with the same seed give the same events.
/// </summary>
internal sealed class Turn(EngineState state, DateTime now, Ids ids, Batch batch)
{
    private readonly Queue<Action<Turn>> _later = new();

    public EngineState State { get; } = state;

    /// <summary>The engine's time (UTC); virtual in the laboratory.</summary>
    public DateTime Now { get; } = now;

    public Ids Ids { get; } = ids;

    public Batch Batch { get; } = batch;

    /// <summary>The answer that the caller of this step waits for.</summary>
    public Reply? Asked { get; set; }

    public Timestamp Stamp => Timestamp.FromDateTime(Now);

    /// <summary>Marks a run as changed: its state and new events are written with this batch.</summary>
    public void Touch(Run run) => Batch.Touch(run);

    /// <summary>Says before a schedule or a namespace is changed that what breaks from here on must be undone.</summary>
    public void Changes() => Batch.Mark();

    /// <summary>Marks a run whose time must be looked at again, though nothing changed.</summary>
    public void Touched(Run run) => Batch.Touch(run);

    /// <summary>Takes a run out of memory and of the store.</summary>
    public void Forget(Run run)
    {
        State.Runs.Remove(run);
        Batch.Forget(run);
    }

    /// <summary>What follows from this step in another run; it happens in the same batch, so that no crash can part the two.</summary>
    public void Later(Action<Turn> effect) => _later.Enqueue(effect);

    /// <summary>Decides an answer, which leaves after the commit.</summary>
    public void Answer<T>(Reply<T> reply, T value)
    {
        reply.Set(value);
        Batch.Replies.Add(reply);
    }

    /// <summary>Decides that a call fails; also after the commit, for a refusal may rest on what was just written.</summary>
    public void Refuse(Reply reply, Exception error)
    {
        reply.Fail(error);
        Batch.Replies.Add(reply);
    }

    /// <summary>Runs what follows until nothing follows any more.</summary>
    public void Settle()
    {
        while (_later.TryDequeue(out var effect))
        {
            effect(this);
        }
    }
}
