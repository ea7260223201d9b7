using VirtEngine.DR.Backups.Storage;

namespace VirtEngine.DR.Backups.Tests.Support;

/// <summary>A store that dies after a number of opened objects.</summary>
public sealed class FailingStore(IObjectStore inner, int opens) : IObjectStore
{
    private int _opens;

    public string Location => inner.Location;

    public ObjectStoreCapabilities Capabilities => inner.Capabilities;

    public Task<PutOutcome> PutAsync(string key, ReadOnlyMemory<byte> body, PutOptions? options, CancellationToken cancellationToken) => inner.PutAsync(key, body, options, cancellationToken);

    public Task<ObjectInfo?> HeadAsync(string key, CancellationToken cancellationToken) => inner.HeadAsync(key, cancellationToken);

    public Task<Stream?> OpenAsync(string key, string? version, CancellationToken cancellationToken) => Interlocked.Increment(ref _opens) > opens
        ? throw new ObjectStoreException("the connection was lost", transient: true)
        : inner.OpenAsync(key, version, cancellationToken);

    public IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, CancellationToken cancellationToken) => inner.ListAsync(prefix, cancellationToken);

    public IAsyncEnumerable<ObjectInfo> ListVersionsAsync(string prefix, CancellationToken cancellationToken) => inner.ListVersionsAsync(prefix, cancellationToken);

    public Task DeleteAsync(string key, string? version, CancellationToken cancellationToken) => inner.DeleteAsync(key, version, cancellationToken);

    public Task ExtendRetentionAsync(string key, string? version, DateTimeOffset until, CancellationToken cancellationToken) => inner.ExtendRetentionAsync(key, version, until, cancellationToken);
}
