using System.Text;
using VirtEngine.DR.Simulation.Store;
using VirtEngine.DR.Simulation.Tests.Support;
using Xunit;

namespace VirtEngine.DR.Simulation.Tests.Store;

public sealed class MiniDbTests
{
    private const int TableBytes = 1 << 10;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Write_RandomBatchesAndReopens_HasWhatADictionaryHas(int seed)
    {
        using var folder = new TempFolder();
        var random = new Random(seed);
        var model = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var db = new MiniDb(folder.Path, TableBytes);
        for (var round = 0; round < 400; round++)
        {
            var batch = Enumerable.Range(0, random.Next(1, 8)).Select(_ => (Key: $"k{random.Next(300):D4}", Value: $"v{random.Next()}-{round}")).DistinctBy(e => e.Key).ToList();
            db.Write([.. batch.Select(entry => new Entry(Encoding.ASCII.GetBytes(entry.Key), Encoding.ASCII.GetBytes(entry.Value)))]);
            batch.ForEach(entry => model[entry.Key] = entry.Value);
            if (random.Next(25) == 0)
            {
                db.Dispose();
                db = new MiniDb(folder.Path, TableBytes);
            }
        }

        var scanned = new List<KeyValuePair<string, string>>();
        db.Scan(entry => scanned.Add(new(Encoding.ASCII.GetString(entry.Key), Encoding.ASCII.GetString(entry.Value))));
        Assert.Equal(model, scanned);
        Assert.All(model, entry => Assert.Equal(entry.Value, Encoding.ASCII.GetString(db.Get(Encoding.ASCII.GetBytes(entry.Key))!)));
        Assert.Null(db.Get("absent"u8.ToArray()));
        db.Dispose();
        Assert.NotEmpty(Directory.EnumerateFiles(folder.Path, "*.ldb"));
    }

    [Fact]
    public void Open_JournalCutAnywhere_HasWholeBatchesUpToTheCut()
    {
        using var folder = new TempFolder();
        using (var db = new MiniDb(folder["whole"], 1 << 20))
        {
            for (byte i = 0; i < 10; i++)
            {
                db.Write([new Entry([i], [i, i]), new Entry([(byte)(100 + i)], [i])]);
            }
        }

        var journal = Path.GetFileName(Directory.EnumerateFiles(folder["whole"], "*.log").Single());
        var length = new FileInfo(Path.Combine(folder["whole"], journal)).Length;
        for (long cut = 0; cut <= length; cut += 3)
        {
            var copy = folder[$"cut-{cut}"];
            Directory.CreateDirectory(copy);
            foreach (var file in Directory.EnumerateFiles(folder["whole"]))
            {
                File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
            }

            using (var torn = new FileStream(Path.Combine(copy, journal), FileMode.Open))
            {
                torn.SetLength(cut);
            }

            using var db = new MiniDb(copy, 1 << 20);
            var found = Enumerable.Range(0, 10).Select(i => (First: db.Get([(byte)i]) is not null, Second: db.Get([(byte)(100 + i)]) is not null)).ToList();
            Assert.All(found, pair => Assert.Equal(pair.First, pair.Second));
            Assert.Equal(found.TakeWhile(pair => pair.First).Count(), found.Count(pair => pair.First));
            Assert.Equal(cut == length ? 10 : (int)(cut * 10 / length), found.Count(pair => pair.First));
        }
    }

    [Fact]
    public void Open_AlreadyOpen_IsRefusedAsUnavailable()
    {
        using var folder = new TempFolder();
        using var db = new MiniDb(folder.Path, TableBytes);
        Assert.Contains("resource temporarily unavailable", Assert.Throws<IOException>(() => new MiniDb(folder.Path, TableBytes)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Get_FlippedByteInATableBlock_IsRefused()
    {
        using var folder = new TempFolder();
        var path = folder["000001.ldb"];
        TableWriter.Write(path, Enumerable.Range(0, 500).Select(i => new Entry(Encoding.ASCII.GetBytes($"{i:D5}"), new byte[64])));
        var bytes = File.ReadAllBytes(path);
        bytes[1000] ^= 1;
        File.WriteAllBytes(path, bytes);
        Assert.Throws<InvalidDataException>(() =>
        {
            using var table = new TableReader(path);
            return table.Scan().Count();
        });
    }

    [Fact]
    public void Open_MissingTable_IsRefused()
    {
        using var folder = new TempFolder();
        using (var db = new MiniDb(folder.Path, TableBytes))
        {
            db.Write([new Entry("a"u8.ToArray(), new byte[2 * TableBytes])]);
        }

        File.Delete(Directory.EnumerateFiles(folder.Path, "*.ldb").Single());
        Assert.Throws<FileNotFoundException>(() => new MiniDb(folder.Path, TableBytes));
    }
}
