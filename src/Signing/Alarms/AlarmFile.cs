using System.Text.Json;
using System.Text.Json.Serialization;

namespace VirtEngine.DR.Signing;

/// <summary>The alarms of a key on this machine's disk, beside its record: atomic, fsynced. One that cannot be read is an alarm.</summary>
/// <param name="path">The file.</param>
public sealed class AlarmFile(string path)
{
    private const int Remembered = 50;

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    /// <summary>Reads it.</summary>
    /// <exception cref="InvalidDataException">It is torn or foreign: nothing signs here until a person has looked.</exception>
    public AlarmBook Read()
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return AlarmBook.Empty;
        }

        try
        {
            return JsonSerializer.Deserialize<AlarmBook>(bytes, Options) ?? throw new InvalidDataException($"'{path}' says nothing");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"'{path}' is torn or foreign ({e.Message}): it may have been an alarm, and nothing signs here until two people have looked (docs/signing.md)", e);
        }
    }

    /// <summary>Why the gate starts nothing; null where no alarm stands.</summary>
    public string? Refusal()
    {
        try
        {
            return Read().Current is { } alarm
                ? $"ALARM since {alarm.At:u}: {string.Join("; ", alarm.Reasons.Select(reason => reason.Text))}. Somebody else signs with this key. Two people clear it when they know who: virtengine-dr signer alarm show, then clear"
                : null;
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return $"the alarms of this key cannot be read: {e.Message}";
        }
    }

    /// <summary>Raises an alarm; further reasons go to the one that stands.</summary>
    public AlarmBook Raise(IReadOnlyList<AlarmReason> reasons, DateTimeOffset at) => Update(book => book.Current is { } now
        ? book with { Current = now with { Reasons = [.. now.Reasons.UnionBy(reasons, reason => reason.Mark)], StoppedAt = now.StoppedAt } }
        : book with { Current = new AlarmRecord { At = at, Reasons = reasons } });

    /// <summary>Notes what came of the stop and of the page.</summary>
    public AlarmBook Note(Func<AlarmRecord, AlarmRecord> change) => Update(book => book.Current is { } now ? book with { Current = change(now) } : book);

    /// <summary>Clears it; what <see cref="AlarmRules.MayClear"/> allowed.</summary>
    public AlarmBook Clear(IReadOnlyList<string> by, string reason, DateTimeOffset at) => Update(book => book.Current is { } now
        ? new AlarmBook(null, [.. book.Cleared.TakeLast(Remembered - 1), now with { ClearedBy = by, ClearedReason = reason, ClearedAt = at }])
        : book);

    private AlarmBook Update(Func<AlarmBook, AlarmBook> change)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using var writers = new FileStream(path + ".writers", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        var before = Read();
        var after = change(before);
        if (after != before)
        {
            DurableBytes.Write(path, JsonSerializer.SerializeToUtf8Bytes(after, Options), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return after;
    }
}
