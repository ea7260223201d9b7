namespace VirtEngine.DR.Backups.Tables;

/// <summary>Something torn in a database.</summary>
/// <param name="File">The file, absolute.</param>
/// <param name="What">What is wrong with it.</param>
public sealed record DatabaseFinding(string File, string What);
