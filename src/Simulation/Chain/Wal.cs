using System.Globalization;
using System.Text;
using System.Text.Json;
using VirtEngine.DR.Simulation.Store;

namespace VirtEngine.DR.Simulation.Chain;

/// <summary>
/// The consensus write-ahead log <c>cs.wal/wal</c>: what was signed, before it was signed, and the end of each height. It is rotated to
/// <c>wal.000</c>, <c>wal.001</c> … by size; the oldest chunks are dropped.
/// </summary>
public sealed class Wal : IDisposable
{
    private const long ChunkBytes = 256 << 10;
    private const int Chunks = 4;
    private readonly string path;
    private Journal head;

    /// <summary>Opens the log and cuts a torn tail off.</summary>
    public Wal(string path)
    {
        this.path = path;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        head = Journal.Open(path);
        foreach (var record in Rotated().Append(path).SelectMany(file => Journal.Read(file).Records))
        {
            if (record[0] == (byte)'P')
            {
                Proposed = JsonSerializer.Deserialize(record.AsSpan(1), ChainJson.Default.Block);
            }
        }
    }

    /// <summary>The last block that this node signed or was about to.</summary>
    public Block? Proposed { get; private set; }

    /// <summary>Writes the block down before it is signed.</summary>
    public void Propose(Block block)
    {
        head.Append([(byte)'P', .. JsonSerializer.SerializeToUtf8Bytes(block, ChainJson.Default.Block)]);
        Proposed = block;
    }

    /// <summary>Marks the end of a height, and rotates.</summary>
    public void EndHeight(long height)
    {
        head.Append(Encoding.ASCII.GetBytes("E" + height.ToString(CultureInfo.InvariantCulture)));
        if (head.Length < ChunkBytes)
        {
            return;
        }

        var rotated = Rotated();
        var next = rotated.Count == 0 ? 0 : int.Parse(Path.GetExtension(rotated[^1])[1..], CultureInfo.InvariantCulture) + 1;
        head.Dispose();
        File.Move(path, path + "." + next.ToString("D3", CultureInfo.InvariantCulture));
        head = Journal.Open(path);
        foreach (var old in rotated.SkipLast(Chunks - 1))
        {
            File.Delete(old);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => head.Dispose();

    private List<string> Rotated() =>
        [.. Directory.EnumerateFiles(Path.GetDirectoryName(path)!, Path.GetFileName(path) + ".*").Where(file => char.IsAsciiDigit(file[^1])).Order(StringComparer.Ordinal)];
}
