namespace VirtEngine.DR.Signing;

/// <summary>Which buckets are the register. Kept in the register itself (<c>members/GENERATION.json</c>), written once a generation.</summary>
public sealed record RegisterMembers
{
    /// <summary>Random; machines pin it.</summary>
    public required string Register { get; init; }

    /// <summary>From 1; each changed list is the next one.</summary>
    public required int Generation { get; init; }

    /// <summary>The buckets' names, in order.</summary>
    public required IReadOnlyList<string> Buckets { get; init; }

    /// <summary>The former generation's buckets: a majority of them accepts this one.</summary>
    public IReadOnlyList<string> Former { get; init; } = [];

    /// <summary>How many buckets make a majority.</summary>
    public int Majority => (Buckets.Count / 2) + 1;
}
