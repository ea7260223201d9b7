namespace VirtEngine.DR.Workflows.Flow;

/// <summary>Something that failed and waits for a person.</summary>
public sealed class ParkItem(string id, string title, string error, string advice, bool skippable, bool undo)
{
    /// <summary>The step's id, or <c>facts</c>, or <c>gate:restore</c>.</summary>
    public string Id => id;

    /// <summary>What failed.</summary>
    public string Title => title;

    /// <summary>Why.</summary>
    public string Error => error;

    /// <summary>What to do.</summary>
    public string Advice => advice;

    /// <summary>May it be skipped?</summary>
    public bool Skippable => skippable;

    /// <summary>An undo: skipping it needs an approval.</summary>
    public bool Undo => undo;

    /// <summary>What a person decided.</summary>
    public ParkDecision Decision { get; set; }
}
