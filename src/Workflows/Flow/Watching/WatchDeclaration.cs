namespace VirtEngine.DR.Workflows.Flow;

/// <summary>What is watched after the last step, for how long.</summary>
/// <param name="For">The period; zero watches not at all.</param>
/// <param name="What">For people.</param>
/// <param name="Observe">
/// Watches for at most the given time inside one heartbeating call and returns when it is over or something changed.
/// </param>
public sealed record WatchDeclaration(TimeSpan For, string What, Func<TimeSpan, CancellationToken, Task<WatchReport>> Observe);
