using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace VirtEngine.DR.Signing;

/// <summary>The machine's record on disk: atomic, fsynced, upwards only, and refused when it is torn.</summary>
/// <param name="path">The file.</param>
public sealed class RecordFile(string path)
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
    };

    /// <summary>For tests: called before each write.</summary>
    internal Action<WriteStep>? At { get; init; }

    /// <summary>Reads it; null when there is none.</summary>
    /// <exception cref="InvalidDataException">It is torn or foreign: never taken for absent, because a fence may stand in it.</exception>
    public MachineRecord? Read()
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }

        try
        {
            var envelope = JsonSerializer.Deserialize<Envelope>(bytes, Options);
            return envelope?.Record is { } record && Digest(record) == envelope.Sha256 ? record
                : throw new InvalidDataException($"'{path}' does not match its own checksum: nothing signs here until it is put right (a new grant by virtengine-dr, after the file was moved away)");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"'{path}' is torn or foreign ({e.Message}): nothing signs here until it is put right (a new grant by virtengine-dr, after the file was moved away)", e);
        }
    }

    /// <summary>Changes it, under the folder's lock of writers; after the return the change is on disk.</summary>
    /// <param name="change">From the present record (null when there is none) to the next.</param>
    /// <returns>The record that is on disk now.</returns>
    /// <exception cref="InvalidOperationException">A number would fall.</exception>
    /// <exception cref="InvalidDataException">The present file is torn.</exception>
    /// <exception cref="IOException">Another process is writing it, or the disk failed.</exception>
    public MachineRecord Update(Func<MachineRecord?, MachineRecord> change)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using var writers = new FileStream(path + ".writers", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        var before = Read();
        var after = change(before);
        if (before is not null && RecordRules.Lowered(before, after) is { Count: > 0 } wrong)
        {
            throw new InvalidOperationException($"'{path}' is changed upwards only: {string.Join("; ", wrong)}");
        }

        DurableBytes.Write(path, JsonSerializer.SerializeToUtf8Bytes(new Envelope(after, Digest(after)), Options), UnixFileMode.UserRead | UnixFileMode.UserWrite, At);
        return after;
    }

    private static string Digest(MachineRecord record) => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(record, Options)));

    private sealed record Envelope(MachineRecord Record, string Sha256);
}
