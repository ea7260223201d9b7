using System.Buffers.Binary;
using System.Globalization;

namespace VirtEngine.DR.Simulation.Canaries;

/// <summary>
/// A process that proves instants: it writes one rising number to several files, always in the same order, as fast as it can, in all
/// the ways in which a node writes (append, overwrite, rename, rotate, create, delete). Files of one instant never differ by more than one.
/// </summary>
public static class CanaryWriter
{
    private const int TableEvery = 50;
    private const int TablesKept = 20;
    private const int RotateEvery = 500;
    private const int TableBytes = 8 << 10;

    /// <summary>Makes the home, so that a layout can be read from it.</summary>
    public static void Prepare(string home)
    {
        Directory.CreateDirectory(Path.Combine(home, "config"));
        Directory.CreateDirectory(Path.Combine(home, "data", "canary.db"));
        Directory.CreateDirectory(Path.Combine(home, "data", "cs.wal"));
        File.WriteAllText(Path.Combine(home, "config", "config.toml"), "db_dir = \"data\"\n");
        File.WriteAllText(Path.Combine(home, "data", "canary.db", "CURRENT"), "MANIFEST-000000\n");
        File.WriteAllText(Path.Combine(home, "data", "priv_validator_state.json"), "{}");
        File.WriteAllText(Path.Combine(home, "data", "innocent.json"), """{"priv_key":{"type":"tendermint/PrivKeyEd25519"}}""");
    }

    /// <summary>Writes until it is cancelled.</summary>
    public static void Run(string home, CancellationToken cancellationToken)
    {
        var data = Path.Combine(home, "data");
        var db = Path.Combine(data, "canary.db");
        var wal = Path.Combine(data, "cs.wal", "wal");
        using var held = new FileStream(Path.Combine(db, "LOCK"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        using var plain = Append(Path.Combine(data, "plain.bin"));
        var journal = Append(Path.Combine(db, "000001.log"));
        var head = Append(wal);
        var journalNumber = 1L;
        var bytes = new byte[8];
        for (long tick = 1; !cancellationToken.IsCancellationRequested; tick++)
        {
            BinaryPrimitives.WriteInt64BigEndian(bytes, tick);
            if (tick % RotateEvery == 0)
            {
                journal.Dispose();
                journalNumber++;
                journal = Begin(Path.Combine(db, journalNumber.ToString("D6", CultureInfo.InvariantCulture) + ".log"), bytes);
                File.Delete(Path.Combine(db, (journalNumber - 1).ToString("D6", CultureInfo.InvariantCulture) + ".log"));
            }

            journal.Write(bytes);
            plain.Position = 0;
            plain.Write(bytes);
            File.WriteAllBytes(Path.Combine(db, "state.tmp"), bytes);
            File.Move(Path.Combine(db, "state.tmp"), Path.Combine(db, "state"), overwrite: true);
            if (tick % RotateEvery == RotateEvery / 2)
            {
                head.Dispose();
                var chunk = tick / RotateEvery;
                File.Move(wal, wal + "." + chunk.ToString("D3", CultureInfo.InvariantCulture));
                head = Begin(wal, bytes);
                File.Delete(wal + "." + (chunk - 5).ToString("D3", CultureInfo.InvariantCulture));
            }

            head.Write(bytes);
            if (tick % TableEvery == 0)
            {
                WriteTable(db, tick, bytes);
            }
        }

        journal.Dispose();
        head.Dispose();
    }

    private static FileStream Append(string path) => new(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, 0);

    /// <summary>A new file that is never seen empty.</summary>
    private static FileStream Begin(string path, byte[] first)
    {
        File.WriteAllBytes(path + ".tmp", first);
        File.Move(path + ".tmp", path, overwrite: true);
        return new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, 0);
    }

    private static void WriteTable(string db, long tick, byte[] number)
    {
        var table = new byte[TableBytes];
        for (var at = 0; at < table.Length; at += number.Length)
        {
            number.CopyTo(table, at);
        }

        File.WriteAllBytes(Name(tick / TableEvery), table);
        File.Delete(Name((tick / TableEvery) - TablesKept));

        string Name(long table) => Path.Combine(db, Math.Max(0, table).ToString("D6", CultureInfo.InvariantCulture) + ".ldb");
    }
}
