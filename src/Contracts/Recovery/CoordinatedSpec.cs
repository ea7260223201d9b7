namespace VirtEngine.DR.Contracts.Recovery;

/// <summary>A recovery of the whole chain as people want it: what is the same for all validators, ours and others'.</summary>
public sealed record CoordinatedSpec
{
    /// <summary>The longest time that the others can be given.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(14);

    /// <summary>The version that every node's application must say it is afterwards: with the old one it comes to the same wrong state again.</summary>
    public string Version { get; init; } = "";

    /// <summary>The binaries by which that is reached, one a line as <c>PLATFORM URL SHA256</c>; for people.</summary>
    public IReadOnlyList<string> Binaries { get; init; } = [];

    /// <summary>How long the others have from the plan on.</summary>
    public TimeSpan Within { get; init; } = TimeSpan.FromHours(24);

    /// <summary>How often people are reminded while others are waited for.</summary>
    public TimeSpan RemindEvery { get; init; } = TimeSpan.FromHours(1);
}
