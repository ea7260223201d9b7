using System.Collections.Concurrent;
using System.Globalization;
using VirtEngine.DR.Backups.Manifests;
using VirtEngine.DR.Backups.Repositories;
using VirtEngine.DR.Backups.Storage;
using VirtEngine.DR.Backups.Verification;

namespace VirtEngine.DR.Backups.Catalogs;

/// <summary>What backups there are, over one or several regions.</summary>
/// <param name="sources">Each region, unreachable ones too.</param>
/// <param name="heads">What others remember as the newest, asked per scope.</param>
/// <param name="formerVersions">Also find backups that were overwritten or deleted and whose former versions the bucket still has: for the
/// day on which somebody emptied it. Pruned ones may show too.</param>
public sealed class BackupCatalog(IReadOnlyList<CatalogSource> sources, IReadOnlyList<IHeadSource>? heads = null, bool formerVersions = false)
{
    /// <summary>Every backup of the scope, newest first. Those that were pruned or given up are left out; those that are damaged are not.</summary>
    public async Task<CatalogListing> ListAsync(BackupScope scope, CancellationToken cancellationToken)
    {
        scope.Validate();
        var unreachable = new Dictionary<string, string>(StringComparer.Ordinal);
        var copies = new List<RegionCopy>();
        foreach (var source in sources)
        {
            if (source.Repository is null)
            {
                unreachable[source.Region] = source.Unreachable ?? "it is not configured";
                continue;
            }

            try
            {
                copies.AddRange(await ReadRegionAsync(source.Region, source.Repository, scope, cancellationToken).ConfigureAwait(false));
            }
            catch (ObjectStoreException e)
            {
                unreachable[source.Region] = e.Message;
            }
        }

        var entries = copies.GroupBy(copy => copy.Id).Select(group => Merge(scope, group.Key, [.. group])).OrderByDescending(entry => entry.Id);
        return new CatalogListing([.. entries], unreachable);
    }

    /// <summary>The backup that the selector means, with what is known to be newer.</summary>
    /// <exception cref="BackupException"><c>backup-missing</c>: the message says what there is; <c>sources-unreachable</c> when no region answered.</exception>
    public async Task<FoundBackup> FindAsync(BackupScope scope, BackupSelector selector, CancellationToken cancellationToken)
    {
        var listing = await ListAsync(scope, cancellationToken).ConfigureAwait(false);
        if (listing.Entries.Count == 0 && listing.Unreachable.Count == sources.Count && sources.Count > 0)
        {
            throw new BackupException(BackupErrorCodes.SourcesUnreachable, string.Join("; ", listing.Unreachable.Select(pair => $"{pair.Key}: {pair.Value}")));
        }

        var chosen = listing.Entries.FirstOrDefault(entry => entry.Valid
            && (selector.Id is null || entry.Id == selector.Id)
            && (selector.AtOrBefore is null || entry.TakenAt <= selector.AtOrBefore)
            && (selector.AtMostHeight is null || Height(entry) <= selector.AtMostHeight)
            && (!selector.ProvenOnly || entry.Proven))
            ?? throw Missing(scope, selector, listing);
        var newer = listing.Entries.Where(entry => entry.Id > chosen.Id).Select(entry => new NewerBackup(
            entry.Id,
            string.Join(", ", entry.Copies.Select(copy => copy.Region)),
            entry.Valid ? "it does not fit the selector" : entry.Copies.First(copy => copy.Problem is not null).Problem!)).ToList();
        foreach (var head in heads ?? [])
        {
            if (await head.ReadAsync(scope, cancellationToken).ConfigureAwait(false) is { } known && known.Id > chosen.Id && newer.All(item => item.Id != known.Id))
            {
                newer.Add(new NewerBackup(known.Id, known.Source, "no region that answers has it"));
            }
        }

        return new FoundBackup(chosen, [.. newer.OrderByDescending(item => item.Id)], listing.Unreachable);
    }

    private async Task<List<RegionCopy>> ReadRegionAsync(string region, BackupRepository repository, BackupScope scope, CancellationToken cancellationToken)
    {
        var manifests = new Dictionary<string, ObjectInfo>(StringComparer.Ordinal);
        var rungs = new Dictionary<string, List<ObjectInfo>>(StringComparer.Ordinal);
        var listing = formerVersions
            ? repository.Store.ListVersionsAsync(RepositoryKeys.Kind(scope), cancellationToken)
            : repository.Store.ListAsync(RepositoryKeys.Kind(scope), cancellationToken);
        await foreach (var item in listing.ConfigureAwait(false))
        {
            if (RepositoryKeys.TryParseManifest(item.Key) is not null)
            {
                manifests[item.Key] = item;
            }
            else if (item.Key.IndexOf(".rung-", StringComparison.Ordinal) is var at and > 0)
            {
                (rungs.TryGetValue(item.Key[..at], out var list) ? list : rungs[item.Key[..at]] = []).Add(item);
            }
        }

        var found = new ConcurrentBag<RegionCopy>();
        await Parallel.ForEachAsync(manifests.Values, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = cancellationToken }, async (item, token) =>
        {
            if (await ReadCopyAsync(region, repository, item, rungs.GetValueOrDefault(item.Key[..^5]) ?? [], token).ConfigureAwait(false) is { } copy)
            {
                found.Add(copy);
            }
        }).ConfigureAwait(false);
        return [.. found];
    }

    private async Task<RegionCopy?> ReadCopyAsync(string region, BackupRepository repository, ObjectInfo item, List<ObjectInfo> rungItems, CancellationToken cancellationToken)
    {
        var (_, id) = RepositoryKeys.ParseManifest(item.Key);
        try
        {
            var verified = formerVersions
                ? await ManifestReader.ReadAnyVersionAsync(repository, item.Key, cancellationToken).ConfigureAwait(false)
                : await ManifestReader.ReadAsync(repository, item.Key, cancellationToken).ConfigureAwait(false);
            var records = new List<RungRecord>();
            foreach (var rung in rungItems)
            {
                if (await RungRecords.ReadAsync(repository.Store, rung.Key, formerVersions ? rung.Version : null, cancellationToken).ConfigureAwait(false) is { } record && (record.Digest == verified.Digest || record.Digest.Length == 0))
                {
                    records.Add(record with { Region = region });
                }
            }

            return new RegionCopy(id, new CatalogCopy(region, item.LastModified, null), CatalogFacts.Of(verified), records);
        }
        catch (BackupException e) when (e.Code is BackupErrorCodes.BackupRevoked or BackupErrorCodes.ManifestMissing)
        {
            return null;
        }
        catch (BackupException e)
        {
            return new RegionCopy(id, new CatalogCopy(region, item.LastModified, $"{e.Code}: {e.Message}"), null, []);
        }
    }

    private static CatalogEntry Merge(BackupScope scope, BackupId id, List<RegionCopy> copies)
    {
        var facts = copies.Select(copy => copy.Facts).FirstOrDefault(found => found is not null);
        return new CatalogEntry(
            scope, id, RepositoryKeys.Manifest(scope, id), facts?.Digest, id.Height, id.Utc, facts?.Files ?? 0, facts?.PlainBytes ?? 0, facts?.AppHash, facts?.BinaryVersion,
            [.. copies.Select(copy => copy.Copy).OrderBy(copy => copy.Region, StringComparer.Ordinal)],
            [.. copies.SelectMany(copy => copy.Rungs).OrderBy(record => record.At)]);
    }

    /// <summary>The exact height where a started node has shown it; the manifest's is a lower bound.</summary>
    private static long Height(CatalogEntry entry) => entry.Rungs
        .Where(record => record.Passed && record.Facts.ContainsKey("height"))
        .Select(record => long.Parse(record.Facts["height"], CultureInfo.InvariantCulture))
        .Append(entry.Height)
        .Max();

    private static BackupException Missing(BackupScope scope, BackupSelector selector, CatalogListing listing)
    {
        var wanted = (selector with { AtMostHeight = null }) switch
        {
            { Id: { } id } => $"the backup {id}",
            { AtOrBefore: { } time, ProvenOnly: true } => $"a proven backup at or before {time:u}",
            { AtOrBefore: { } time } => $"a backup at or before {time:u}",
            { ProvenOnly: true } => "a proven backup",
            _ => "a valid backup",
        } + (selector.AtMostHeight is { } height ? $" at or below height {height}" : "");
        var there = listing.Entries.Count == 0
            ? "there is none at all"
            : "there are: " + string.Join(", ", listing.Entries.Take(5).Select(entry => $"{entry.Id} ({(entry.Valid ? entry.Proven ? "proven" : entry.HighestRung is { } rung ? $"rung {(int)rung}" : "unverified" : entry.Copies[0].Problem)})"));
        var blind = listing.Unreachable.Count == 0 ? string.Empty : $"; not asked: {string.Join(", ", listing.Unreachable.Select(pair => $"{pair.Key} ({pair.Value})"))}";
        return new BackupException(BackupErrorCodes.BackupMissing, $"{scope}: {wanted} is not known; {there}{blind}");
    }

    private sealed record RegionCopy(BackupId Id, CatalogCopy Copy, CatalogFacts? Facts, IReadOnlyList<RungRecord> Rungs);
}
