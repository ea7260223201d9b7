namespace VirtEngine.DR.Signing;

/// <summary>Everything that an asker knows when it wants to put its object.</summary>
public sealed record AskObservation
{
    /// <summary>The register as it was when the seal was found to hold: what it proved then holds for ever.</summary>
    public required RegisterView Sealed { get; init; }

    /// <summary>The members' generation now; another one than the seal's makes the ask worthless.</summary>
    public required int? Generation { get; init; }

    /// <summary>The epoch that is asked for.</summary>
    public required long Epoch { get; init; }

    /// <summary>The machine that is to hold it.</summary>
    public required string Holder { get; init; }

    /// <summary>The ends that were proven.</summary>
    public required IReadOnlyList<EndEvidence> Ends { get; init; }

    /// <summary>The nonce that answers of gates must carry.</summary>
    public string? Nonce { get; init; }

    /// <summary>The floor.</summary>
    public required FloorDecision Floor { get; init; }

    /// <summary>The silence.</summary>
    public required Decision Silence { get; init; }

    /// <summary>The first epoch of a register is enrolment and names the machine that signs now.</summary>
    public bool Enrolment { get; init; }
}
