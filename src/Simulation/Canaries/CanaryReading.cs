using System.Buffers.Binary;

namespace VirtEngine.DR.Simulation.Canaries;

/// <summary>The canary's numbers as a set of files has them, in the order in which they are written.</summary>
/// <param name="Journal">Appended to, rotated by number.</param>
/// <param name="Plain">Overwritten in place.</param>
/// <param name="Renamed">Replaced by a rename.</param>
/// <param name="Wal">Appended to, rotated by rename.</param>
/// <param name="Table">The newest whole table's.</param>
public sealed record CanaryReading(long Journal, long Plain, long Renamed, long Wal, long Table)
{
    /// <summary>Null when the numbers can be of one instant, else what contradicts it.</summary>
    public string? Contradiction() => Journal < Plain || Plain < Renamed || Renamed < Wal || Wal < Journal - 1 || Table > Journal || Table < Journal - 101
        ? $"not of one instant: {this}" : null;

    /// <summary>Reads the numbers from files by their path below the home.</summary>
    public static CanaryReading From(IReadOnlyDictionary<string, byte[]> files)
    {
        var journal = files.Where(file => file.Key.StartsWith("data/canary.db/", StringComparison.Ordinal) && file.Key.EndsWith(".log", StringComparison.Ordinal))
            .Max(file => Last(file.Value));
        var table = files.Where(file => file.Key.EndsWith(".ldb", StringComparison.Ordinal) && file.Value.Length >= 8).Select(file => Last(file.Value)).DefaultIfEmpty(0).Max();

        // Between the rename of the head and the new head's there is an instant without one: the newest chunk has the number then.
        var wal = files.Where(file => file.Key.StartsWith("data/cs.wal/wal", StringComparison.Ordinal) && file.Value.Length >= 8).Max(file => Last(file.Value));
        return new CanaryReading(journal, Last(files["data/plain.bin"]), Last(files["data/canary.db/state"]), wal, table);
    }

    private static long Last(byte[] bytes) => bytes.Length < 8 ? 0 : BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan((bytes.Length / 8 * 8) - 8));
}
