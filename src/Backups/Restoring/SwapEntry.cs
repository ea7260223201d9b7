namespace VirtEngine.DR.Backups.Restoring;

/// <summary>One entry of the home.</summary>
/// <param name="Device">Of the restored entry, which is known again by this wherever it lies.</param>
/// <param name="Existed">Whether the home had one of this name.</param>
/// <param name="Inode">Of the restored entry.</param>
/// <param name="Name">Its name.</param>
/// <param name="Names">Names inside that are moved one by one, where the entry is a mount point; else null.</param>
internal sealed record SwapEntry(ulong Device, bool Existed, ulong Inode, string Name, SwapNames? Names);
