namespace VirtEngine.DR.Activities.Backups;

/// <summary>A kept folder whose swap's journal had to make room for another swap of the same backup; written before the folder is renamed.</summary>
/// <param name="Digest">The swap's manifest.</param>
/// <param name="Folder">Its new path.</param>
/// <param name="Since">When it was swapped out.</param>
internal sealed record KeptRecord(string Digest, string Folder, DateTimeOffset Since);
