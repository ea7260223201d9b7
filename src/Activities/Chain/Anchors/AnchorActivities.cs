using Temporalio.Activities;
using VirtEngine.DR.Activities.Backups;
using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Backups;
using VirtEngine.DR.Backups.Storage;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Estates;

namespace VirtEngine.DR.Activities.Chain.Anchors;

/// <summary>Agrees on trust anchors, keeps them in buckets and finds them again.</summary>
/// <param name="rpcs">Opens RPCs.</param>
/// <param name="repositories">Opens buckets.</param>
public sealed class AnchorActivities(IChainRpcFactory rpcs, RepositoryAccess repositories) : IAnchorActivities
{
    private const string ContentType = "application/json";

    /// <inheritdoc/>
    [Activity("anchors.agree")]
    public Task<TrustAnchor> AgreeAsync(AnchorQuery query)
    {
        ChainActivities.Check(query.ChainId, query.References);
        return ActivityScope.HeartbeatingAsync(token => new AnchorAgreement(rpcs, query).AskAsync(token));
    }

    /// <inheritdoc/>
    [Activity("anchors.keep")]
    public Task<AnchorReceipt> KeepAsync(AnchorKeeping command) => ActivityScope.HeartbeatingAsync(token => BackupFailures.GuardAsync(async () =>
    {
        // Never trusted because it was handed over: what is kept is what verifies.
        var (anchor, _) = AnchorFiles.Verify(command.Slice, command.Anchor.Body, command.Anchor.Signature, "the anchor to keep");
        var store = repositories.Store(command.Bucket);
        var key = AnchorFiles.KeyOf(anchor);
        await PutAsync(store, AnchorFiles.SignatureOf(key), command.Anchor.Signature, token).ConfigureAwait(false);
        await PutAsync(store, key, command.Anchor.Body, token).ConfigureAwait(false);
        var (read, _) = await ReadAsync(command.Slice, store, key, token).ConfigureAwait(false);
        if (read.Hash != anchor.Hash || read.Height != anchor.Height)
        {
            throw Failures.Permanent(ErrorTypes.Untrusted, $"{store.Location}: {key} reads back as height {read.Height}, {read.Hash}; written was height {anchor.Height}, {anchor.Hash}");
        }

        var keys = await KeysAsync(store, anchor.ChainId, token).ConfigureAwait(false);
        var doomed = AnchorRetention.Doomed(keys, anchor.At);
        foreach (var old in doomed)
        {
            // The anchor goes first: what is left of a deletion that was cut off is a signature of nothing.
            await store.DeleteAsync(old, null, token).ConfigureAwait(false);
            await store.DeleteAsync(AnchorFiles.SignatureOf(old), null, token).ConfigureAwait(false);
        }

        return new AnchorReceipt(command.Bucket.Region, key, keys.Count - doomed.Count, doomed.Count);
    }));

    /// <inheritdoc/>
    [Activity("anchors.find")]
    public Task<AnchorFinding> FindAsync(AnchorSearch search) => ActivityScope.HeartbeatingAsync(token => BackupFailures.GuardAsync(async () =>
    {
        var problems = new List<string>();
        AnchorFinding? best = null;
        foreach (var bucket in search.Slice.Buckets)
        {
            try
            {
                var found = await FindAsync(search, bucket, problems, token).ConfigureAwait(false);
                best = Better(best, found, search.AtMostHeight);
            }
            catch (Exception e) when (e is ObjectStoreException or BackupException or IOException)
            {
                problems.Add($"{bucket.Region}: {e.Message}");
            }
        }

        return (best ?? new AnchorFinding(null, null, null, [])) with { Problems = [.. problems] };
    }));

    private static AnchorFinding? Better(AnchorFinding? one, AnchorFinding? other, long atMost)
    {
        if (one?.Anchor is not { } a || other?.Anchor is not { } b)
        {
            return one?.Anchor is null ? other : one;
        }

        var (aFits, bFits) = (atMost == 0 || a.Height <= atMost, atMost == 0 || b.Height <= atMost);
        return aFits != bFits ? (aFits ? one : other) : (a.Height >= b.Height) == aFits ? one : other;
    }

    private static async Task<AnchorFinding?> FindAsync(AnchorSearch search, BucketSpec bucket, List<string> problems, IObjectStore store, CancellationToken token)
    {
        var keys = await KeysAsync(store, search.Slice.Target.Chain.Id, token).ConfigureAwait(false);

        // At or below the wished height first, the nearest of them first; above it, the lowest first: a light client goes back block by block.
        var wished = keys.Select(key => (Key: key, At: AnchorFiles.Parse(key)!.Value)).Where(one => one.At.At >= search.NotBefore)
            .OrderBy(one => search.AtMostHeight > 0 && one.At.Height > search.AtMostHeight ? 1 : 0)
            .ThenBy(one => search.AtMostHeight > 0 && one.At.Height > search.AtMostHeight ? one.At.Height : -one.At.Height);
        foreach (var (key, _) in wished)
        {
            try
            {
                var (anchor, keyId) = await ReadAsync(search.Slice, store, key, token).ConfigureAwait(false);
                if (anchor.BlockTime >= search.NotBefore)
                {
                    return new AnchorFinding(anchor, bucket.Region, keyId, []);
                }
            }
            catch (BackupException e) when (!e.Transient)
            {
                problems.Add($"{bucket.Region}: {e.Message}");
            }
        }

        return null;
    }

    private Task<AnchorFinding?> FindAsync(AnchorSearch search, BucketSpec bucket, List<string> problems, CancellationToken token) =>
        FindAsync(search, bucket, problems, repositories.Store(bucket), token);

    private static async Task<List<string>> KeysAsync(IObjectStore store, string chain, CancellationToken token)
    {
        var keys = new List<string>();
        await foreach (var item in store.ListAsync(AnchorFiles.Folder(chain), token).ConfigureAwait(false))
        {
            if (AnchorFiles.Parse(item.Key) is not null)
            {
                keys.Add(item.Key);
            }
        }

        return keys;
    }

    private static async Task<(TrustAnchor Anchor, string KeyId)> ReadAsync(NodeSlice slice, IObjectStore store, string key, CancellationToken token)
    {
        var what = $"{store.Location}: {key}";
        var body = await store.ReadAllAsync(key, AnchorFiles.MostBytes, token).ConfigureAwait(false)
            ?? throw new BackupException(BackupErrorCodes.SignatureMissing, $"{what} is not there");
        var signature = await store.ReadAllAsync(AnchorFiles.SignatureOf(key), AnchorFiles.MostBytes, token).ConfigureAwait(false);
        return AnchorFiles.Verify(slice, body, signature, what);
    }

    private static async Task PutAsync(IObjectStore store, string key, byte[] body, CancellationToken token)
    {
        if (await store.PutAsync(key, body, new PutOptions(ContentType: ContentType), token).ConfigureAwait(false) == PutOutcome.Created)
        {
            return;
        }

        // Ours from an attempt whose answer was lost, or somebody else's: an anchor is never overwritten.
        var there = await store.ReadAllAsync(key, AnchorFiles.MostBytes, token).ConfigureAwait(false);
        if (there is null || !there.AsSpan().SequenceEqual(body))
        {
            throw Failures.Permanent(ErrorTypes.Conflict, $"{store.Location}: {key} is there already and says something else");
        }
    }
}
