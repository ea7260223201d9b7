namespace VirtEngine.DR.Backups.Files;

/// <summary>A path of this host cannot be taken.</summary>
/// <param name="path">The path, absolute.</param>
/// <param name="reason">Why, as the rest of the sentence, with what to do.</param>
internal sealed class HostPathException(string path, string reason) : Exception($"{path} {reason}");
