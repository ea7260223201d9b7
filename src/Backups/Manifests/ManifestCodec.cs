using System.Text.Json;
using VirtEngine.DR.Backups.Objects;

namespace VirtEngine.DR.Backups.Manifests;

/// <summary>Manifest to canonical bytes and back. Only bytes whose signature was verified come here.</summary>
public static class ManifestCodec
{
    /// <summary>The canonical bytes.</summary>
    public static byte[] Write(Manifest manifest) => JsonSerializer.SerializeToUtf8Bytes(manifest, BackupJson.Options);

    /// <summary>Reads canonical bytes and checks that they are consistent in themselves.</summary>
    /// <exception cref="BackupException"><c>manifest-future-format</c>, <c>manifest-invalid</c> or <c>path-unsafe</c>.</exception>
    public static Manifest Read(byte[] bytes, string what)
    {
        var format = Format(bytes, what);
        if (format > Manifest.CurrentFormat)
        {
            throw new BackupException(BackupErrorCodes.ManifestFutureFormat, $"{what} is of format {format}; this program reads formats up to {Manifest.CurrentFormat}: use a newer one");
        }

        Manifest manifest;
        try
        {
            manifest = JsonSerializer.Deserialize<Manifest>(bytes, BackupJson.Options) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw Invalid(what, e.Message, e);
        }

        if (!Write(manifest).AsSpan().SequenceEqual(bytes))
        {
            throw Invalid(what, "it is not in canonical form", null);
        }

        ManifestRules.Check(manifest, what);
        return manifest;
    }

    private static int Format(byte[] bytes, string what)
    {
        try
        {
            // Depth-limited and without building a tree: this member is the only one that every format must have.
            var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = 64 });
            while (reader.Read())
            {
                if (reader.CurrentDepth == 1 && reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("format"u8))
                {
                    return reader.Read() && reader.TryGetInt32(out var format) && format >= 1 ? format : throw Invalid(what, "'format' must be a number from 1", null);
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw Invalid(what, e.Message, e);
        }

        throw Invalid(what, "it has no 'format'", null);
    }

    private static BackupException Invalid(string what, string why, Exception? inner) => new(BackupErrorCodes.ManifestInvalid, $"{what} is signed but is not a manifest: {why}", inner);
}
