namespace VirtEngine.DR.Contracts.Clusters;

/// <summary>How long the inputs of a zone's runbooks may wait and watch.</summary>
public static class ZoneLimits
{
    /// <summary>The shortest time in which a rollout or an eviction is waited for.</summary>
    public static TimeSpan ShortestWait { get; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest time that something is waited for, or that a zone is to have been healthy.</summary>
    public static TimeSpan LongestWait { get; } = TimeSpan.FromHours(6);

    /// <summary>The longest watch for a relapse.</summary>
    public static TimeSpan LongestWatch { get; } = TimeSpan.FromDays(7);
}
