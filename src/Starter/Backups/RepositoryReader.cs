using VirtEngine.DR.Activities.Backups;
using VirtEngine.DR.Activities.Estates;
using VirtEngine.DR.Activities.ObjectStore;
using VirtEngine.DR.Backups;
using VirtEngine.DR.Backups.Catalogs;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Estates;
using VirtEngine.DR.Starter.Errors;
using BackupKinds = VirtEngine.DR.Contracts.Backups.BackupKinds;

namespace VirtEngine.DR.Starter.Backups;

/// <summary>Reads the repositories of the estate directly: no server and no worker is needed on the worst day.</summary>
internal sealed class RepositoryReader(LoadedEstate loaded)
{
    private readonly EstateActivities slices = new(loaded.Estate, loaded.Digest);

    public RepositoryAccess Access { get; } = new(new ObjectStoreFactory(), new KeyWrapperFactory());

    /// <summary>The nodes that are meant: the named one, else all that have this kind of backup.</summary>
    public async Task<IReadOnlyList<NodeSlice>> NodesAsync(string? node, string kind)
    {
        IReadOnlyList<string> names = node is not null ? [node] : await slices.BackedUpNodesAsync(kind).ConfigureAwait(false);
        var all = await Task.WhenAll(names.Select(slices.NodeAsync)).ConfigureAwait(false);

        // Forensic copies lie in a bucket of their own.
        return [.. all.Select(slice => kind == BackupKinds.Forensic && slice.Forensics is { } bucket ? slice with { Buckets = [bucket] } : slice)];
    }

    /// <summary>What the regions have of one node and kind, newest first; regions that do not answer are said.</summary>
    public async Task<CatalogListing> ListAsync(NodeSlice slice, string kind, CancellationToken cancellationToken)
    {
        var sources = await Access.SourcesAsync(slice, cancellationToken).ConfigureAwait(false);
        return await new BackupCatalog(sources).ListAsync(Scope(slice, kind), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>One backup by its id, or the newest of the node.</summary>
    /// <exception cref="CliException">There is none; the message says what there is.</exception>
    public async Task<(NodeSlice Slice, CatalogEntry Entry)> FindAsync(string? id, string? node, string kind, CancellationToken cancellationToken)
    {
        var seen = new List<string>();
        foreach (var slice in await NodesAsync(node, kind).ConfigureAwait(false))
        {
            var listing = await ListAsync(slice, kind, cancellationToken).ConfigureAwait(false);
            var entry = id is null ? listing.Entries.FirstOrDefault(entry => entry.Valid) : listing.Entries.FirstOrDefault(entry => entry.Id.ToString() == id);
            if (entry is not null)
            {
                return (slice, entry);
            }

            seen.Add($"{slice.Target.Node.Name} has {listing.Entries.Count} of kind {kind}"
                + string.Concat(listing.Unreachable.Select(region => $"; {region.Key} did not answer: {region.Value}")));
        }

        throw new CliException(
            ErrorTypes.NotFound, $"There is no backup {(id is null ? "yet" : $"'{id}'")}: {string.Join("; ", seen.DefaultIfEmpty("the estate backs up no node of this kind"))}");
    }

    public static BackupScope Scope(NodeSlice slice, string kind) => new(slice.Target.Chain.Id, slice.Target.Node.Name, kind);
}
