namespace VirtEngine.DR.Backups.Files;

/// <summary>A file that was kept out.</summary>
/// <param name="Path">Relative.</param>
/// <param name="Reason">Which rule, or what its content looks like. Never a byte of it.</param>
public sealed record RefusedFile(string Path, string Reason);
