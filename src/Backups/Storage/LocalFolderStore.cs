using System.Runtime.CompilerServices;

namespace VirtEngine.DR.Backups.Storage;

/// <summary>
/// A folder that behaves like a bucket: an object is written under a temporary name, fsynced, and linked to its key without
/// overwriting; then the folder is fsynced. What is half written is never visible under its key.
/// </summary>
public sealed class LocalFolderStore : IObjectStore
{
    private const string Temporary = ".tmp";
    private readonly string _root;

    /// <summary>Uses a folder; the first write makes it where there is none, so that a mistyped path leaves nothing behind.</summary>
    public LocalFolderStore(string root) => _root = Path.GetFullPath(root);

    /// <inheritdoc />
    public string Location => new Uri(_root).AbsoluteUri;

    /// <inheritdoc />
    public ObjectStoreCapabilities Capabilities { get; } = new(Versioned: false, ObjectLock: false);

    /// <inheritdoc />
    public Task<PutOutcome> PutAsync(string key, ReadOnlyMemory<byte> body, PutOptions? options, CancellationToken cancellationToken)
    {
        var target = PathOf(key);
        cancellationToken.ThrowIfCancellationRequested();
        return Task.Run(() => Guard(key, () => Put(target, body.Span, options?.Overwrite ?? false)), cancellationToken);
    }

    /// <inheritdoc />
    public Task<ObjectInfo?> HeadAsync(string key, CancellationToken cancellationToken)
    {
        var file = new FileInfo(PathOf(key));
        return Task.FromResult(file.Exists ? Info(key, file) : null);
    }

    /// <inheritdoc />
    public Task<Stream?> OpenAsync(string key, string? version, CancellationToken cancellationToken)
    {
        var path = PathOf(key);
        return Task.FromResult(Guard(key, () =>
        {
            try
            {
                return (Stream?)new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                return null;
            }
        }));
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // The folder part of the prefix narrows the walk; the rest is compared.
        var folder = prefix.LastIndexOf('/') is var slash and >= 0 ? prefix[..slash] : string.Empty;
        if (folder.Length > 0)
        {
            ObjectKeys.Validate(folder);
        }

        var found = await Task.Run(() => Guard(prefix, () => Walk(folder, prefix, cancellationToken)), cancellationToken).ConfigureAwait(false);
        foreach (var item in found)
        {
            yield return item;
        }
    }

    /// <inheritdoc />
    public IAsyncEnumerable<ObjectInfo> ListVersionsAsync(string prefix, CancellationToken cancellationToken) => ListAsync(prefix, cancellationToken);

    /// <inheritdoc />
    public Task DeleteAsync(string key, string? version, CancellationToken cancellationToken)
    {
        var path = PathOf(key);
        return Task.Run(
            () => Guard(key, () =>
            {
                try
                {
                    File.Delete(path);
                    LinuxFiles.SyncFolder(Path.GetDirectoryName(path)!);
                }
                catch (DirectoryNotFoundException)
                {
                    // Nothing there: deleting succeeded.
                }

                return true;
            }),
            cancellationToken);
    }

    /// <inheritdoc />
    public Task ExtendRetentionAsync(string key, string? version, DateTimeOffset until, CancellationToken cancellationToken) => Task.CompletedTask;

    private static ObjectInfo Info(string key, FileInfo file) => new(key, file.Length, new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero));

    private string PathOf(string key)
    {
        ObjectKeys.Validate(key);
        return Path.Combine(_root, key);
    }

    private PutOutcome Put(string target, ReadOnlySpan<byte> body, bool overwrite)
    {
        if (!overwrite && File.Exists(target))
        {
            return PutOutcome.Exists;
        }

        var folder = Path.GetDirectoryName(target)!;
        Directory.CreateDirectory(Path.Combine(_root, Temporary));
        LinuxFiles.CreateFolders(_root, folder);
        var temporary = Path.Combine(_root, Temporary, Guid.NewGuid().ToString("N"));
        try
        {
            using (var handle = File.OpenHandle(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                RandomAccess.Write(handle, body, 0);
                RandomAccess.FlushToDisk(handle);
            }

            if (overwrite)
            {
                File.Move(temporary, target, overwrite: true);
            }
            else if (!LinuxFiles.TryLink(temporary, target))
            {
                return PutOutcome.Exists;
            }

            LinuxFiles.SyncFolder(folder);
            return PutOutcome.Created;
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private List<ObjectInfo> Walk(string folder, string prefix, CancellationToken cancellationToken)
    {
        var found = new List<ObjectInfo>();
        var start = new DirectoryInfo(Path.Combine(_root, folder));
        if (!start.Exists)
        {
            return found;
        }

        foreach (var file in start.EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = false }))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var key = Path.GetRelativePath(_root, file.FullName);
            if (key.StartsWith(prefix, StringComparison.Ordinal) && !key.StartsWith(Temporary + "/", StringComparison.Ordinal))
            {
                try
                {
                    found.Add(Info(key, file));
                }
                catch (FileNotFoundException)
                {
                    // Deleted between the listing and the look: not there.
                }
            }
        }

        found.Sort((left, right) => string.CompareOrdinal(left.Key, right.Key));
        return found;
    }

    private T Guard<T>(string key, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ObjectStoreException($"{Location}: {key}: {e.Message}", transient: LinuxFiles.IsNoSpace(e), e);
        }
    }
}
