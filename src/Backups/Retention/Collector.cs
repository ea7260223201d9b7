using System.Security.Cryptography;
using System.Text.Json;
using VirtEngine.DR.Backups.Manifests;
using VirtEngine.DR.Backups.Objects;
using VirtEngine.DR.Backups.Repositories;
using VirtEngine.DR.Backups.Storage;

namespace VirtEngine.DR.Backups.Retention;

/// <summary>
/// Deletes what no backup names, without trusting a clock: publish a mark; note which backups were announced by then; wait until each has
/// committed or got a tombstone; read all manifests again; delete what is still unnamed, exactly as marked. Each stage is an object in the
/// bucket, so a run that was killed is taken up by the next one, and two at once do the same.
/// </summary>
internal sealed class Collector(BackupRepository repository, string chain, string node, PruneOptions options)
{
    private const int MarkSize = 20_000;
    private readonly string _prefix = RepositoryKeys.Node(chain, node);
    private readonly List<string> _waiting = [];
    private readonly List<string> _revoked = [];
    private int _deleted;
    private long _bytes;

    private IObjectStore Store => repository.Store;

    public async Task<Collection> RunAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await FinishMarksAsync(now, cancellationToken).ConfigureAwait(false);
        var marked = await MarkAsync(cancellationToken).ConfigureAwait(false);
        await FinishMarksAsync(now, cancellationToken).ConfigureAwait(false);
        await CleanUpAsync(cancellationToken).ConfigureAwait(false);
        return new Collection(marked, _deleted, _bytes, [.. _waiting.Distinct()], _revoked);
    }

    /// <summary>How many objects a run would mark when these manifests were gone too.</summary>
    public async Task<int> CountGarbageAsync(NodeInventory inventory, IReadOnlySet<string> gone, CancellationToken cancellationToken)
    {
        var kept = new NodeInventory();
        foreach (var item in inventory.Backups.Where(item => !gone.Contains(item.Key)))
        {
            var verified = await ManifestReader.ReadAsync(repository, item.Key, cancellationToken).ConfigureAwait(false);
            kept.Named.UnionWith(verified.Manifest.Objects.Select(named => _prefix + named.Key));
        }

        return (await GarbageAsync(kept, cancellationToken).ConfigureAwait(false)).Count;
    }

    private async Task<int> MarkAsync(CancellationToken cancellationToken)
    {
        var inventory = await NodeInventory.ReadAsync(repository, chain, node, cancellationToken).ConfigureAwait(false);
        var already = await Mark.ReadKeysAsync(Store, _prefix, cancellationToken).ConfigureAwait(false);
        var garbage = (await GarbageAsync(inventory, cancellationToken).ConfigureAwait(false)).Where(item => !already.Contains(item.Key)).ToList();
        foreach (var chunk in garbage.Chunk(MarkSize))
        {
            var key = $"{RepositoryKeys.Marks(_prefix)}{RandomNumberGenerator.GetHexString(16, lowercase: true)}.json";
            await Store.PutAsync(key, JsonSerializer.SerializeToUtf8Bytes(new Mark(1, chunk), BackupJson.Options), null, cancellationToken).ConfigureAwait(false);
        }

        return garbage.Count;
    }

    private async Task<List<MarkedObject>> GarbageAsync(NodeInventory inventory, CancellationToken cancellationToken)
    {
        var all = await VersionsAsync(cancellationToken).ConfigureAwait(false);
        inventory.NoteMissing(all.Select(item => item.Key).ToHashSet(StringComparer.Ordinal));
        return [.. all.Where(item => !inventory.Needs(item.Key)).Select(item => new MarkedObject(item.Key, item.Size, item.Version))];
    }

    private async Task FinishMarksAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var key in await KeysAsync(RepositoryKeys.Marks(_prefix), cancellationToken).ConfigureAwait(false))
        {
            if (!key.EndsWith(".json", StringComparison.Ordinal) || await Mark.ReadAsync(Store, key, cancellationToken).ConfigureAwait(false) is not { } mark)
            {
                continue;
            }

            var waits = await WaitsAsync(key, cancellationToken).ConfigureAwait(false);
            if (await SettledAsync(waits, now, cancellationToken).ConfigureAwait(false))
            {
                await DeleteAsync(key, mark, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>The intents that a mark waits for: listed once, after the mark was visible, and kept, so that later backups do not prolong the wait.</summary>
    private async Task<IReadOnlyList<string>> WaitsAsync(string markKey, CancellationToken cancellationToken)
    {
        var key = markKey[..^".json".Length] + ".waits";
        if (await Store.ReadAllAsync(key, Limits.Mark, cancellationToken).ConfigureAwait(false) is not { } bytes)
        {
            var intents = (await KeysAsync(RepositoryKeys.Intents(_prefix), cancellationToken).ConfigureAwait(false)).Select(ManifestOfIntent).ToList();
            await Store.PutAsync(key, JsonSerializer.SerializeToUtf8Bytes(new MarkWaits(1, intents), BackupJson.Options), null, cancellationToken).ConfigureAwait(false);
            bytes = await Store.ReadAllAsync(key, Limits.Mark, cancellationToken).ConfigureAwait(false) ?? throw Stopped($"{key} was written and is not there");
        }

        try
        {
            return JsonSerializer.Deserialize<MarkWaits>(bytes, BackupJson.Options) is { Format: 1 } waits ? waits.Manifests : throw new JsonException("its format is not 1");
        }
        catch (JsonException e)
        {
            throw Stopped($"{key} cannot be understood: {e.Message}");
        }
    }

    private async Task<bool> SettledAsync(IReadOnlyList<string> manifests, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var settled = true;
        foreach (var manifest in manifests)
        {
            if (await Store.HeadAsync(manifest, cancellationToken).ConfigureAwait(false) is not null)
            {
                continue;
            }

            var (scope, id) = RepositoryKeys.ParseManifest(manifest);
            var intent = await Store.HeadAsync(RepositoryKeys.Intent(scope, id), cancellationToken).ConfigureAwait(false);
            if (intent is not null && !(now - intent.LastModified > options.RevokeIntentsOlderThan))
            {
                _waiting.Add(manifest);
                settled = false;
                continue;
            }

            // One winner at this key: either the backup commits, or it never will. Which of them is read afterwards.
            var outcome = await Store.PutAsync(manifest, Tombstone.Create(now, "it had not committed after " + options.RevokeIntentsOlderThan), null, cancellationToken).ConfigureAwait(false);
            if (outcome == PutOutcome.Created)
            {
                _revoked.Add(manifest);
            }
        }

        return settled;
    }

    private async Task DeleteAsync(string markKey, Mark mark, CancellationToken cancellationToken)
    {
        // Everything that the waited-for backups named is visible now.
        var inventory = await NodeInventory.ReadAsync(repository, chain, node, cancellationToken).ConfigureAwait(false);
        var present = await VersionsAsync(cancellationToken).ConfigureAwait(false);
        inventory.NoteMissing(present.Select(item => item.Key).ToHashSet(StringComparer.Ordinal));
        var there = present.Select(item => (item.Key, item.Version)).ToHashSet();
        var left = 0;
        foreach (var item in mark.Objects)
        {
            if (!item.Key.StartsWith(RepositoryKeys.Objects(_prefix), StringComparison.Ordinal) && !item.Key.StartsWith(RepositoryKeys.Packs(_prefix), StringComparison.Ordinal))
            {
                throw Stopped($"mark {markKey} names {item.Key}, which is no object of this node");
            }

            if (!there.Contains((item.Key, item.Version)))
            {
                continue;
            }

            if (inventory.Needs(item.Key) || !await TryDeleteAsync(item, cancellationToken).ConfigureAwait(false))
            {
                left++;
            }
        }

        // A key that was marked once is never taken up again by a new backup, so a collector that slept may delete it whenever it wakes.
        // Hence a mark goes only when all that it names is gone.
        if (left == 0)
        {
            await Store.DeleteAsync(markKey, null, cancellationToken).ConfigureAwait(false);
            await Store.DeleteAsync(markKey[..^".json".Length] + ".waits", null, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <returns>False when the version is locked: it goes when its lock has run out.</returns>
    private async Task<bool> TryDeleteAsync(MarkedObject item, CancellationToken cancellationToken)
    {
        try
        {
            await Store.DeleteAsync(item.Key, item.Version, cancellationToken).ConfigureAwait(false);
        }
        catch (ObjectStoreException e) when (!e.Transient && Store.Capabilities.ObjectLock)
        {
            return false;
        }

        _deleted++;
        _bytes += item.Size;
        return true;
    }

    private async Task<List<ObjectInfo>> VersionsAsync(CancellationToken cancellationToken)
    {
        var all = new List<ObjectInfo>();
        foreach (var prefix in new[] { RepositoryKeys.Objects(_prefix), RepositoryKeys.Packs(_prefix) })
        {
            await foreach (var item in Store.ListVersionsAsync(prefix, cancellationToken).ConfigureAwait(false))
            {
                all.Add(item);
            }
        }

        return all;
    }

    /// <summary>Intents whose backup is settled, and what lies beside tombstones. Tombstones stay: a late commit must find its key taken.</summary>
    private async Task CleanUpAsync(CancellationToken cancellationToken)
    {
        var inventory = await NodeInventory.ReadAsync(repository, chain, node, cancellationToken).ConfigureAwait(false);
        var settled = inventory.Backups.Select(item => item.Key).Concat(inventory.Tombstones).ToHashSet(StringComparer.Ordinal);
        foreach (var intent in await KeysAsync(RepositoryKeys.Intents(_prefix), cancellationToken).ConfigureAwait(false))
        {
            if (settled.Contains(ManifestOfIntent(intent)))
            {
                await Store.DeleteAsync(intent, null, cancellationToken).ConfigureAwait(false);
            }
        }

        foreach (var tombstone in inventory.Tombstones)
        {
            foreach (var beside in await KeysAsync(tombstone[..^"json".Length], cancellationToken).ConfigureAwait(false))
            {
                if (beside != tombstone)
                {
                    await Store.DeleteAsync(beside, null, cancellationToken).ConfigureAwait(false);
                }
            }
        }
    }

    private string ManifestOfIntent(string intent) => _prefix + intent[RepositoryKeys.Intents(_prefix).Length..] + ".json" is var key && RepositoryKeys.TryParseManifest(key) is not null
        ? key
        : throw Stopped($"the intent {intent} is not understood");

    private async Task<List<string>> KeysAsync(string prefix, CancellationToken cancellationToken)
    {
        var keys = new List<string>();
        await foreach (var item in Store.ListAsync(prefix, cancellationToken).ConfigureAwait(false))
        {
            keys.Add(item.Key);
        }

        return keys;
    }

    private BackupException Stopped(string why) => new(BackupErrorCodes.CollectionStopped, $"{Store.Location}: collection stopped: {why}");
}
