namespace VirtEngine.DR.Backups.Manifests;

/// <summary>How the instant was taken.</summary>
/// <param name="Copied">Files copied inside the pause.</param>
/// <param name="CopiedBytes">Bytes copied inside the pause.</param>
/// <param name="Linked">Files staged as hard links.</param>
/// <param name="Method"><c>frozen</c>, <c>stopped</c>, <c>state-sync</c>, <c>external</c> or <c>files</c>.</param>
/// <param name="PauseMicroseconds">How long the node stood still.</param>
/// <param name="TakenAt">When, by the host's clock.</param>
public sealed record ManifestInstant(int Copied, long CopiedBytes, int Linked, string Method, long PauseMicroseconds, DateTimeOffset TakenAt);
