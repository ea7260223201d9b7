using System.Text;

namespace VirtEngine.DR.Backups.Tables;

/// <summary>What a goleveldb database consists of, as its CURRENT and MANIFEST say. Read as files; nothing is opened as a database.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Manifest">The MANIFEST that CURRENT names.</param>
/// <param name="Tables">The tables that count.</param>
/// <param name="Journals">The journals that count, the oldest first.</param>
internal sealed record DatabaseVersion(string Folder, string Manifest, IReadOnlyList<TableFile> Tables, IReadOnlyList<string> Journals)
{
    private const int InternalSuffix = 8;

    /// <summary>Reads it.</summary>
    /// <exception cref="DatabaseTornException">CURRENT or the MANIFEST is missing or torn.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static DatabaseVersion Read(string folder)
    {
        var manifest = ManifestOf(folder);
        var tables = new Dictionary<ulong, TableFile>();
        ulong journal = 0;
        ulong previous = 0;
        var any = false;
        foreach (var record in JournalReader.Records(manifest))
        {
            any = true;
            Apply(manifest, record.Span, tables, ref journal, ref previous);
        }

        if (!any)
        {
            throw new DatabaseTornException(manifest, "it holds no record");
        }

        var journals = Directory.EnumerateFiles(folder, "*.log")
            .Select(path => (Path: path, Number: ulong.TryParse(Path.GetFileNameWithoutExtension(path), out var number) ? number : (ulong?)null))
            .Where(file => file.Number is { } number && (number >= journal || (previous > 0 && number == previous)))
            .OrderBy(file => file.Number).Select(file => file.Path).ToArray();
        return new DatabaseVersion(folder, manifest, [.. tables.Values.OrderBy(table => table.Number)], journals);
    }

    private static string ManifestOf(string folder)
    {
        var current = Path.Combine(folder, "CURRENT");
        if (!File.Exists(current))
        {
            throw new DatabaseTornException(current, "it is missing");
        }

        using var file = File.OpenHandle(current, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[Math.Min(RandomAccess.GetLength(file), 256)];
        var text = Encoding.ASCII.GetString(bytes, 0, RandomAccess.Read(file, bytes, 0));
        if (!text.StartsWith("MANIFEST-", StringComparison.Ordinal) || !text.EndsWith('\n') || !text.AsSpan(9, text.Length - 10).ToString().All(char.IsAsciiDigit))
        {
            throw new DatabaseTornException(current, "it names no MANIFEST");
        }

        var manifest = Path.Combine(folder, text.TrimEnd('\n'));
        return File.Exists(manifest) ? manifest : throw new DatabaseTornException(manifest, "CURRENT names it and it is missing");
    }

    private static void Apply(string manifest, ReadOnlySpan<byte> record, Dictionary<ulong, TableFile> tables, ref ulong journal, ref ulong previous)
    {
        while (!record.IsEmpty)
        {
            var fits = Varint.TryRead(ref record, out var tag) && tag switch
            {
                1 => Bytes(ref record, out _),
                2 => Varint.TryRead(ref record, out journal),
                9 => Varint.TryRead(ref record, out previous),
                3 or 4 => Varint.TryRead(ref record, out _),
                5 => Varint.TryRead(ref record, out _) && Bytes(ref record, out _),
                6 => Remove(ref record, tables),
                7 => Add(ref record, tables),
                _ => false,
            };
            if (!fits)
            {
                throw new DatabaseTornException(manifest, "a record in it is not readable");
            }
        }
    }

    private static bool Remove(ref ReadOnlySpan<byte> record, Dictionary<ulong, TableFile> tables)
    {
        if (!Varint.TryRead(ref record, out _) || !Varint.TryRead(ref record, out var number))
        {
            return false;
        }

        tables.Remove(number);
        return true;
    }

    private static bool Add(ref ReadOnlySpan<byte> record, Dictionary<ulong, TableFile> tables)
    {
        if (!Varint.TryRead(ref record, out _) || !Varint.TryRead(ref record, out var number) || !Varint.TryRead(ref record, out var size)
            || !Bytes(ref record, out var smallest) || !Bytes(ref record, out var largest) || smallest.Length < InternalSuffix || largest.Length < InternalSuffix)
        {
            return false;
        }

        tables[number] = new TableFile(number, (long)size, smallest[..^InternalSuffix].ToArray(), largest[..^InternalSuffix].ToArray());
        return true;
    }

    private static bool Bytes(ref ReadOnlySpan<byte> record, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if (!Varint.TryRead(ref record, out var length) || length > (ulong)record.Length)
        {
            return false;
        }

        bytes = record[..(int)length];
        record = record[(int)length..];
        return true;
    }
}
