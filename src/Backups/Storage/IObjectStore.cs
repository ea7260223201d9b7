namespace VirtEngine.DR.Backups.Storage;

/// <summary>
/// A bucket (or a folder that behaves like one) below an optional prefix. Writes are conditional by default: an object is
/// never overwritten. Every implementation passes the same contract suite.
/// </summary>
/// <remarks>
/// Failures are <see cref="ObjectStoreException"/>; the adapter decides whether one is transient. Keys are relative, use '/',
/// and never hold '..', a NUL or a backslash.
/// </remarks>
public interface IObjectStore
{
    /// <summary>Where it is, for messages: <c>file:///backups</c> or <c>s3://bucket/prefix (us-east-1)</c>.</summary>
    string Location { get; }

    /// <summary>What this store can do; a plan that needs more is refused before it acts.</summary>
    ObjectStoreCapabilities Capabilities { get; }

    /// <summary>Writes the object if the key is free (If-None-Match), or whatever is there when <see cref="PutOptions.Overwrite"/> says so.</summary>
    /// <returns><see cref="PutOutcome.Exists"/> means that another object has the key: HEAD and compare, it is never "present" by itself.</returns>
    Task<PutOutcome> PutAsync(string key, ReadOnlyMemory<byte> body, PutOptions? options, CancellationToken cancellationToken);

    /// <summary>The object's size and times, or null when there is none.</summary>
    Task<ObjectInfo?> HeadAsync(string key, CancellationToken cancellationToken);

    /// <summary>Opens the object, or null when there is none. A short or corrupt body shows as an exception while it is read.</summary>
    /// <param name="key">The object's key.</param>
    /// <param name="version">A version id of a versioned bucket; null is the newest.</param>
    /// <param name="cancellationToken">Stops the request.</param>
    Task<Stream?> OpenAsync(string key, string? version, CancellationToken cancellationToken);

    /// <summary>Every object whose key starts with the prefix, in ordinal key order, newest versions only.</summary>
    IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>All versions below a prefix, delete markers left out. A store without versions answers like <see cref="ListAsync"/>.</summary>
    IAsyncEnumerable<ObjectInfo> ListVersionsAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>Deletes the object (one version of it, when given). Deleting what is not there succeeds.</summary>
    Task DeleteAsync(string key, string? version, CancellationToken cancellationToken);

    /// <summary>
    /// Rules of the store itself that would take objects away below this store's prefix: a lifecycle that expires or archives them, or
    /// (where locks are wanted) rules that cannot be read. Empty where there are none; a folder has none.
    /// </summary>
    Task<IReadOnlyList<string>> PolicyProblemsAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<string>>([]);

    /// <summary>Extends the retention of one version until at least the given time and reads it back; stores without locks do nothing.</summary>
    Task ExtendRetentionAsync(string key, string? version, DateTimeOffset until, CancellationToken cancellationToken);

    /// <summary>Until when the newest version is locked, as the store says; null where it is not, or where it cannot say.</summary>
    Task<DateTimeOffset?> RetainedUntilAsync(string key, CancellationToken cancellationToken) => Task.FromResult<DateTimeOffset?>(null);
}
