namespace VirtEngine.DR.Activities.Common;

/// <summary>Where a worker keeps its own files.</summary>
/// <param name="State">The state folder; made at start.</param>
public sealed record ActivityPaths(string State)
{
    /// <summary>A scratch folder of its own (0700), gone when disposed; what a killed worker left is dropped at the next start.</summary>
    public ScratchFolder NewScratch(string purpose) => new(Path.Combine(ScratchRoot, $"{purpose}-{Guid.NewGuid():N}"));

    /// <summary>The parent of all scratch folders.</summary>
    public string ScratchRoot => Path.Combine(State, "scratch");
}
