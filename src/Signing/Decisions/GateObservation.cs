namespace VirtEngine.DR.Signing;

/// <summary>What the gate sees when it is to start a signer. Only what its check needs is asked for: in the same boot nothing is.</summary>
public sealed record GateObservation
{
    /// <summary>The record on disk; null when there is none.</summary>
    public required MachineRecord? Record { get; init; }

    /// <summary>This machine's identity, from outside the disk.</summary>
    public required string Machine { get; init; }

    /// <summary>This boot.</summary>
    public required string BootId { get; init; }

    /// <summary>The signer's lock is held by this process, which will become the signer.</summary>
    public required bool LockHeld { get; init; }

    /// <summary>The HRS file's content; null when it is missing or cannot be read.</summary>
    public required Hrs? LastSigned { get; init; }

    /// <summary>Why the HRS file could not be read.</summary>
    public string? HrsProblem { get; init; }

    /// <summary>The alarm that stands here, in words; null when there is none.</summary>
    public string? Alarm { get; init; }

    /// <summary>The register, where it was asked.</summary>
    public RegisterView? View { get; init; }

    /// <summary>What independent RPCs say of this address, where they were asked.</summary>
    public IReadOnlyList<RpcSight> Rpcs { get; init; } = [];
}
