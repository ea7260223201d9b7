namespace VirtEngine.DR.Workflows.Flow;

/// <summary>What an undo remembers: the world before, as first observed in this run, and what was intended.</summary>
public sealed class UndoEntry(StepDeclaration step, Observed before)
{
    /// <summary>The step's declaration of the newest plan.</summary>
    public StepDeclaration Step { get; set; } = step;

    /// <summary>The world before the first act; a retry never replaces it.</summary>
    public Observed Before => before;

    /// <summary>An act was sent and its result is not known to be proven: the undo writes its number at the target even where nothing seems done.</summary>
    public bool Unknown { get; set; }

    /// <summary>Undone, kept or skipped.</summary>
    public bool Settled { get; set; }
}
