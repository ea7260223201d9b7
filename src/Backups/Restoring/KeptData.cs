namespace VirtEngine.DR.Backups.Restoring;

/// <summary>Folders that a swap's journal names beside the data: what was swapped out and is not in use.</summary>
/// <param name="Digest">The swap's manifest.</param>
/// <param name="Folders">Those that are there.</param>
/// <param name="Finished">False: the swap is not at its end and nothing of it may go.</param>
/// <param name="Since">When the journal was last written.</param>
public sealed record KeptData(string Digest, IReadOnlyList<string> Folders, bool Finished, DateTimeOffset Since);
