namespace VirtEngine.DR.Contracts.Estates;

/// <summary>From where nodes are looked at, beside the control workers.</summary>
public sealed record ObserveSpec
{
    /// <summary>Nodes whose workers look too; best in other regions than what they look at.</summary>
    public IReadOnlyList<string> From { get; init; } = [];
}
