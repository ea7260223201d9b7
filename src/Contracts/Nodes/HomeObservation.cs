namespace VirtEngine.DR.Contracts.Nodes;

/// <summary>A home and what a run made of it.</summary>
public sealed record HomeObservation
{
    /// <summary>How far it is prepared from the backup by this run.</summary>
    public required HomePreparation Preparation { get; init; }

    /// <summary>Files that this run put in place.</summary>
    public int Placed { get; init; }

    /// <summary>Where the whole backup is staged, for a person: <c>home/…</c> and <c>root/…</c>; null when it is not.</summary>
    public string? Staging { get; init; }

    /// <summary>What of the backup is not in place and why, one line a file: outside the home, differs, refused. Bounded; the last line says how many more.</summary>
    public IReadOnlyList<string> NotPlaced { get; init; } = [];

    /// <summary>How far what was there is replaced from the backup by this run.</summary>
    public HomePreparation Replacement { get; init; }

    /// <summary>Where the former files are kept, for a person; null where none were replaced.</summary>
    public string? Former { get; init; }

    /// <summary>The p2p id of the node key; null where there is none.</summary>
    public string? NodeId { get; init; }

    /// <summary>The node key is the one that this run made.</summary>
    public bool MadeNodeKey { get; init; }
}

/// <summary>How far a home is prepared.</summary>
public enum HomePreparation
{
    /// <summary>Nothing was put in place by this run.</summary>
    None,

    /// <summary>It was begun.</summary>
    Partial,

    /// <summary>Everything that was missing is in place.</summary>
    Complete,
}
