using VirtEngine.DR.Backups.Repositories;
using VirtEngine.DR.Backups.Storage;

namespace VirtEngine.DR.Backups.Objects;

/// <summary>The objects that a node's prefix holds in one bucket, less those that a collector has marked.</summary>
internal sealed class ObjectListing
{
    private readonly Dictionary<ObjectName, (ulong Attempt, int Size)> _objects = [];

    /// <summary>Lists. The marks must have been read before, and the intent written before that.</summary>
    public static async Task<ObjectListing> ReadAsync(IObjectStore store, string nodePrefix, IReadOnlySet<string> marked, CancellationToken cancellationToken)
    {
        var listing = new ObjectListing();
        await foreach (var item in store.ListAsync(RepositoryKeys.Objects(nodePrefix), cancellationToken).ConfigureAwait(false))
        {
            if (item.Size <= Limits.ObjectStored && ObjectName.TryParse(item.Key.AsSpan(nodePrefix.Length), out var name) && (marked.Count == 0 || !marked.Contains(item.Key)))
            {
                listing._objects.TryAdd(name.Content, (name.Attempt, (int)item.Size));
            }
        }

        return listing;
    }

    /// <summary>An upload of the content, if there is one.</summary>
    public (ObjectName Name, int Stored)? Find(ObjectName content)
    {
        lock (_objects)
        {
            return _objects.TryGetValue(content.Content, out var found) ? (content with { Attempt = found.Attempt }, found.Size) : null;
        }
    }

    /// <summary>Remembers an upload of this attempt, so that equal content is stored once.</summary>
    public void Add(ObjectName name, int stored)
    {
        lock (_objects)
        {
            _objects[name.Content] = (name.Attempt, stored);
        }
    }
}
