namespace VirtEngine.DR.Embedded.Store;

/// <summary>A run's state, its new events, and its row in the lists where that changed.</summary>
internal sealed record RunWrite(
    string RunId, string Namespace, string WorkflowId, long Number, bool Open, byte[] State, long FirstEvent, byte[][] Events, VisibilityRow? Row) : StoreWrite
{
    /// <summary>Takes what is new in a run, and marks it as taken.</summary>
    public static RunWrite Of(Run run)
    {
        var state = run.State;
        var events = new byte[run.History.Count - run.Stored][];
        for (int i = 0; i < events.Length; i++)
        {
            events[i] = run.History[run.Stored + i].ToByteArray();
        }

        var write = new RunWrite(
            state.RunId, state.Namespace, state.WorkflowId, state.Number, state.IsOpen, StateJson.Write(state), run.Stored + 1, events,
            run.Listed ? VisibilityRow.Of(state) : null);
        run.Stored = run.History.Count;
        run.Listed = false;
        return write;
    }
}
