using System.Security.Cryptography;
using System.Text.Json;
using VirtEngine.DR.Backups.Storage;

namespace VirtEngine.DR.Backups.Repositories;

/// <summary>The bucket's <c>repository.json</c>.</summary>
internal static class RepositoryFile
{
    public const string Key = "repository.json";
    private const int MaxBytes = 64 * 1024;

    public static async Task<string?> ReadAsync(IObjectStore store, CancellationToken cancellationToken)
    {
        var bytes = await store.ReadAllAsync(Key, MaxBytes, cancellationToken).ConfigureAwait(false);
        return bytes is null ? null : Parse(bytes, store.Location);
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
