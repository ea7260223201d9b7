namespace VirtEngine.DR.Workflows.Flow;

/// <summary>What a watch saw last.</summary>
/// <param name="Healthy">True: healthy to the end; false: a relapse; null: unknown, which is neither.</param>
/// <param name="Text">For people.</param>
public sealed record WatchReport(bool? Healthy, string Text);
