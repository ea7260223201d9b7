using System.Runtime.CompilerServices;
using VirtEngine.DR.Backups.Storage;

namespace VirtEngine.DR.Backups.Tests.Support;

/// <summary>A bucket in memory with versions and delete markers, and a clock that a test moves. Every call passes the gate first.</summary>
public sealed class VersionedMemoryStore(bool versioned, string location = "memory:bucket") : IObjectStore
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, List<Version>> _keys = new(StringComparer.Ordinal);
    private int _next;

    public DateTimeOffset Now { get; set; } = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Runs before (false) and after (true) each call, with its name and key.</summary>
    public Func<string, string, bool, Task>? Gate { get; set; }

    public string Location => location;

    public ObjectStoreCapabilities Capabilities => new(versioned, false);

    public IReadOnlyList<string> Keys
    {
        get
        {
            lock (_lock)
            {
                return [.. _keys.Where(pair => pair.Value[^1].Body is not null).Select(pair => pair.Key)];
            }
        }
    }

    public byte[]? Peek(string key)
    {
        lock (_lock)
        {
            return _keys.TryGetValue(key, out var versions) ? versions[^1].Body : null;
        }
    }

    public Task<PutOutcome> PutAsync(string key, ReadOnlyMemory<byte> body, PutOptions? options, CancellationToken cancellationToken) => CallAsync("put", key, () =>
    {
        var versions = _keys.TryGetValue(key, out var list) ? list : _keys[key] = [];
        if (versions.Count > 0 && versions[^1].Body is not null && options?.Overwrite != true)
        {
            return PutOutcome.Exists;
        }

        if (!versioned)
        {
            versions.Clear();
        }

        versions.Add(new Version(versioned ? $"v{++_next}" : null, body.ToArray(), Now));
        return PutOutcome.Created;
    });

    public Task<ObjectInfo?> HeadAsync(string key, CancellationToken cancellationToken) => CallAsync("head", key, () =>
        _keys.TryGetValue(key, out var versions) && versions[^1] is { Body: { } body } last ? new ObjectInfo(key, body.Length, last.At, last.Id) : null);

    public Task<Stream?> OpenAsync(string key, string? version, CancellationToken cancellationToken) => CallAsync("open", key, () =>
    {
        var found = _keys.TryGetValue(key, out var versions) ? version is null ? versions[^1] : versions.Find(item => item.Id == version) : null;
        return found?.Body is { } body ? (Stream)new MemoryStream(body, writable: false) : null;
    });

    public IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, CancellationToken cancellationToken) => ListAsync(prefix, all: false, cancellationToken);

    public IAsyncEnumerable<ObjectInfo> ListVersionsAsync(string prefix, CancellationToken cancellationToken) => ListAsync(prefix, all: versioned, cancellationToken);

    public Task DeleteAsync(string key, string? version, CancellationToken cancellationToken) => CallAsync("delete", key, () =>
    {
        if (_keys.TryGetValue(key, out var versions))
        {
            if (versioned && version is null)
            {
                versions.Add(new Version($"v{++_next}", null, Now));
            }
            else
            {
                versions.RemoveAll(item => !versioned || item.Id == version);
                if (versions.Count == 0)
                {
                    _keys.Remove(key);
                }
            }
        }

        return true;
    });

    public Task ExtendRetentionAsync(string key, string? version, DateTimeOffset until, CancellationToken cancellationToken) => Task.CompletedTask;

    private async IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, bool all, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var found = await CallAsync("list", prefix, () => _keys.Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal))
            .SelectMany(pair => (all ? pair.Value : [pair.Value[^1]]).Where(item => item.Body is not null).Select(item => new ObjectInfo(pair.Key, item.Body!.Length, item.At, item.Id))).ToList());
        foreach (var item in found)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return item;
        }
    }

    private async Task<T> CallAsync<T>(string name, string key, Func<T> action)
    {
        if (Gate is not null)
        {
            await Gate(name, key, false);
        }

        T result;
        lock (_lock)
        {
            result = action();
        }

        if (Gate is not null)
        {
            await Gate(name, key, true);
        }

        return result;
    }

    private sealed record Version(string? Id, byte[]? Body, DateTimeOffset At);
}
