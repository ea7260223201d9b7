namespace VirtEngine.DR.Activities.Nodes.Rollbacks;

/// <summary>Where the stores are between two heights.</summary>
internal enum RollbackSight
{
    /// <summary>A store cannot be read.</summary>
    Unknown,

    /// <summary>The command has not undone the height; run now, it undoes this one and no other, also where it was cut off in the middle.</summary>
    Before,

    /// <summary>The height is undone in all stores.</summary>
    Done,

    /// <summary>It was cut off where running it again would undo a second height in two of three stores.</summary>
    Torn,

    /// <summary>The stores are at other heights.</summary>
    Elsewhere,
}
