using System.Security.Cryptography;
using System.Text.Json;
using VirtEngine.DR.Backups.Storage;

namespace VirtEngine.DR.Backups.Repositories;

/// <summary>The bucket's <c>repository.json</c>.</summary>
internal static class RepositoryFile
{
    public const string Key = "repository.json";
    private const int MaxBytes = 64 * 1024;

    /// <summary>The id; null where there never was one. Overwritten or deleted in a bucket with versions, the oldest version that is one counts.</summary>
    public static async Task<string?> ReadAsync(IObjectStore store, CancellationToken cancellationToken)
    {
        BackupException? unreadable = null;
        try
        {
            if (await store.ReadAllAsync(Key, MaxBytes, cancellationToken).ConfigureAwait(false) is { } bytes)
            {
                return Parse(bytes, store.Location);
            }
        }
        catch (BackupException e) when (store.Capabilities.Versioned)
        {
            unreadable = e;
        }

        return store.Capabilities.Versioned && await ReadFormerAsync(store, cancellationToken).ConfigureAwait(false) is { } former ? former
            : unreadable is null ? null : throw unreadable;
    }

    /// <summary>Whoever comes later can add versions and not put one before the first: the oldest one is the repository's own.</summary>
    private static async Task<string?> ReadFormerAsync(IObjectStore store, CancellationToken cancellationToken)
    {
        var versions = new List<ObjectInfo>();
        await foreach (var item in store.ListVersionsAsync(Key, cancellationToken).ConfigureAwait(false))
        {
            if (item.Key == Key && item.Size <= MaxBytes)
            {
                versions.Add(item);
            }
        }

        foreach (var version in versions.OrderBy(item => item.LastModified))
        {
            try
            {
                if (await store.ReadAllAsync(Key, version.Version, MaxBytes, cancellationToken).ConfigureAwait(false) is { } bytes)
                {
                    return Parse(bytes, store.Location);
                }
            }
            catch (BackupException)
            {
                // Not one of ours; the next version may be.
            }
        }

        return null;
    }

    public static async Task<string> CreateAsync(IObjectStore store, TimeProvider time, CancellationToken cancellationToken)
    {
        var present = await ReadAsync(store, cancellationToken).ConfigureAwait(false);
        if (present is not null)
        {
            return present;
        }

        var content = new Content(time.GetUtcNow(), 1, RandomNumberGenerator.GetHexString(32, lowercase: true), "virtengine-dr-repository");
        await store.PutAsync(Key, JsonSerializer.SerializeToUtf8Bytes(content, BackupJson.Options), new PutOptions(ContentType: "application/json"), cancellationToken)
            .ConfigureAwait(false);

        // Whoever won, what lies there now is the repository's id.
        return await ReadAsync(store, cancellationToken).ConfigureAwait(false)
            ?? throw new BackupException(BackupErrorCodes.RepositoryMissing, $"{store.Location}: repository.json was written and is not there");
    }

    private static string Parse(byte[] bytes, string location)
    {
        Content content;
        try
        {
            content = JsonSerializer.Deserialize<Content>(bytes, BackupJson.Options) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw new BackupException(BackupErrorCodes.RepositoryUnreadable, $"{location}: repository.json is not readable: {e.Message}", e);
        }

        return content switch
        {
            { Type: not "virtengine-dr-repository" } => throw new BackupException(BackupErrorCodes.RepositoryUnreadable, $"{location}: repository.json is of type '{content.Type}', not 'virtengine-dr-repository'"),
            { Format: not 1 } => throw new BackupException(BackupErrorCodes.RepositoryUnreadable, $"{location}: repository.json is of format {content.Format}; this program knows format 1: use a newer one"),
            { Id.Length: not 32 } => throw new BackupException(BackupErrorCodes.RepositoryUnreadable, $"{location}: repository.json's id must be 32 hexadecimal digits"),
            _ => content.Id,
        };
    }

    private sealed record Content(DateTimeOffset CreatedAt, int Format, string Id, string Type);
}
