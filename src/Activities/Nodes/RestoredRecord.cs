namespace VirtEngine.DR.Activities.Nodes;

/// <summary>Which backup a data folder was restored from, kept beside it.</summary>
/// <param name="Digest">The manifest's digest.</param>
/// <param name="Backup">The backup's id.</param>
/// <param name="FirstRunId">The run that did it.</param>
/// <param name="At">When.</param>
public sealed record RestoredRecord(string Digest, string Backup, string FirstRunId, DateTimeOffset At)
{
    /// <summary>Where it is kept.</summary>
    internal static string PathIn(NodeHome home) => Path.Combine(home.Private, "restored-from.json");
}
