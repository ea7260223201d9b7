using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Contracts.Forensics;

/// <summary>A call for the forensic copy of a node.</summary>
/// <param name="Key">The idempotency key; its first run id names the run whose copy it is.</param>
/// <param name="Slice">The node.</param>
public sealed record ForensicAct(StepKey Key, NodeSlice Slice)
{
    /// <summary>Make the copy although the bucket is not write-once (a folder, no object lock, no lock period): somebody has waived that.</summary>
    public bool WithoutLock { get; init; }
}

/// <summary>Something that a forensic copy does not hold.</summary>
/// <param name="Path">Relative to the home, or absolute.</param>
/// <param name="Why">Why.</param>
/// <param name="PublicKey">For a private key: the public key that goes with it, where it could be had.</param>
public sealed record LeftOutFile(string Path, string Why, string? PublicKey = null);

/// <summary>What a forensic copy would be.</summary>
public sealed record ForensicForecast
{
    /// <summary>Why none can be made now, each with what to do; empty: it can.</summary>
    public required IReadOnlyList<string> Problems { get; init; }

    /// <summary>Files.</summary>
    public required int Files { get; init; }

    /// <summary>Their bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>The bucket's URL; null where the estate names none.</summary>
    public string? Bucket { get; init; }

    /// <summary>The region that it is of.</summary>
    public string? Region { get; init; }

    /// <summary>What is written there cannot be deleted or overwritten before <see cref="LockedUntil"/>: versions, object lock and a period.</summary>
    public required bool WriteOnce { get; init; }

    /// <summary>Until when at least it would be locked, were it made now; null: it would not be.</summary>
    public DateTimeOffset? LockedUntil { get; init; }

    /// <summary>About how long the copy takes.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Where <see cref="Duration"/> comes from: a measured rate of an earlier copy, the estate's limit, or an assumed one.</summary>
    public required string RateFrom { get; init; }

    /// <summary>What it will not hold. Bounded; the last entry says how many more.</summary>
    public required IReadOnlyList<LeftOutFile> LeftOut { get; init; }
}

/// <summary>How far a copy is.</summary>
public enum ForensicProgress
{
    /// <summary>This run has none and began none.</summary>
    None,

    /// <summary>It was begun; nothing of it counts yet.</summary>
    Partial,

    /// <summary>It is committed in its bucket.</summary>
    Complete,
}

/// <summary>This run's copy as it is now.</summary>
/// <param name="Progress">How far.</param>
/// <param name="Receipt">For a complete one.</param>
public sealed record ForensicState(ForensicProgress Progress, ForensicReceipt? Receipt);

/// <summary>A forensic copy.</summary>
public sealed record ForensicReceipt
{
    /// <summary>The manifest's key in the bucket.</summary>
    public required string Key { get; init; }

    /// <summary>The copy's id, as <c>backup list --kind forensic</c> and <c>backup export</c> know it.</summary>
    public required string Id { get; init; }

    /// <summary>SHA-256 of the manifest's stored bytes; with it every byte of the copy is named.</summary>
    public required string Digest { get; init; }

    /// <summary>Files.</summary>
    public required int Files { get; init; }

    /// <summary>Their bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>The bucket's URL.</summary>
    public required string Bucket { get; init; }

    /// <summary>The region that it is of.</summary>
    public required string Region { get; init; }

    /// <summary>Until when the manifest is locked, as the bucket says; null: it is not write-once.</summary>
    public DateTimeOffset? LockedUntil { get; init; }

    /// <summary>When the copy was taken.</summary>
    public required DateTimeOffset TakenAt { get; init; }

    /// <summary>What it does not hold, and why. Bounded; the last entry says how many more. The whole list is in the copy (<c>left-out.json</c>).</summary>
    public required IReadOnlyList<LeftOutFile> LeftOut { get; init; }
}
