namespace VirtEngine.DR.Backups.Catalogs;

/// <summary>The backup that a selector chose, and what is known to be newer.</summary>
/// <param name="Entry">The chosen one.</param>
/// <param name="NewerKnown">Ids known to be newer, with where they are known from and why they were not chosen.</param>
/// <param name="Unreachable">Regions that could not be asked: they may hold newer ones.</param>
public sealed record FoundBackup(
    CatalogEntry Entry, IReadOnlyList<NewerBackup> NewerKnown, IReadOnlyDictionary<string, string> Unreachable)
{
    /// <summary>Refuses when a newer one is known; the older-backup approval is the way past it.</summary>
    public void EnsureNewest()
    {
        if (NewerKnown.Count > 0)
        {
            var newest = NewerKnown.MaxBy(item => item.Id)!;
            throw new SupersededException(
                $"{Entry.Id} is older than {newest.Id} ({newest.KnownFrom}: {newest.Reason}); "
                + $"restoring it loses at least {Math.Max(0, newest.Id.Height - Entry.Height)} blocks and {(newest.Id.Utc - Entry.TakenAt).TotalMinutes:0} minutes and needs the older-backup approval",
                newest.Id);
        }
    }
}
