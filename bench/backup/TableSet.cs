using System.Globalization;
using System.Security.Cryptography;
using VirtEngine.DR.Simulation.Store;

namespace VirtEngine.DR.Bench.Backup;

/// <summary>A folder of database tables shaped like a node's: about 2 MB each, real block framing, two thirds of it incompressible.</summary>
internal static class TableSet
{
    private const int ValueBytes = 4000;
    private const int TableBytes = 2 << 20;

    /// <summary>Makes a node's home whose application database holds the given number of bytes.</summary>
    public static void GenerateHome(string home, long bytes)
    {
        Directory.CreateDirectory(Path.Combine(home, "config"));
        File.WriteAllText(Path.Combine(home, "config", "config.toml"), "db_backend = \"goleveldb\"\ndb_dir = \"data\"\n");
        Generate(Path.Combine(home, "data", "application.db"), bytes);
    }

    private static void Generate(string folder, long bytes)
    {
        Directory.CreateDirectory(folder);
        for (long number = 1; number * TableBytes <= bytes; number++)
        {
            Write(folder, number);
        }

        File.WriteAllText(Path.Combine(folder, "CURRENT"), "MANIFEST-000001\n");
        File.WriteAllBytes(Path.Combine(folder, "MANIFEST-000001"), RandomNumberGenerator.GetBytes(4096));
        File.WriteAllBytes(Path.Combine(folder, "000000.log"), RandomNumberGenerator.GetBytes(1 << 20));
    }

    /// <summary>Compacts a share of the tables away: old ones go, as many new ones come.</summary>
    public static void Change(string folder, double share)
    {
        string[] tables = [.. Directory.GetFiles(folder, "*.ldb").Order(StringComparer.Ordinal)];
        long next = long.Parse(Path.GetFileNameWithoutExtension(tables[^1]), CultureInfo.InvariantCulture);
        int step = (int)(1 / share);
        for (int i = 0; i < tables.Length; i += step)
        {
            File.Delete(tables[i]);
            Write(folder, ++next);
        }
    }

    private static void Write(string folder, long number) =>
        TableWriter.Write(Path.Combine(folder, number.ToString("000000", CultureInfo.InvariantCulture) + ".ldb"), Entries(number));

    private static IEnumerable<Entry> Entries(long number)
    {
        for (int i = 0; i * ValueBytes < TableBytes - (64 << 10); i++)
        {
            byte[] value = i % 3 == 2 ? Text(number, i) : RandomNumberGenerator.GetBytes(ValueBytes);
            yield return new Entry(System.Text.Encoding.ASCII.GetBytes($"s/k:bank/{number:x8}{i:x8}"), value);
        }
    }

    private static byte[] Text(long number, int i)
    {
        string line = string.Create(CultureInfo.InvariantCulture, $"{{\"denom\":\"uve\",\"amount\":\"{number * 7919}\",\"height\":\"{i}\"}}");
        return System.Text.Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(line, (ValueBytes / line.Length) + 1))[..ValueBytes]);
    }
}
