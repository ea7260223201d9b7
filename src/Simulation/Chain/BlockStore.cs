using System.Globalization;
using System.Text;
using System.Text.Json;
using VirtEngine.DR.Simulation.Store;

namespace VirtEngine.DR.Simulation.Chain;

/// <summary>The blocks, in <c>blockstore.db</c>.</summary>
/// <param name="db">The database.</param>
public sealed class BlockStore(MiniDb db)
{
    private static readonly byte[] NewestKey = "latest"u8.ToArray();

    /// <summary>The newest height; zero when there is none.</summary>
    public long Height { get; private set; } =
        db.Get(NewestKey) is { } bytes ? long.Parse(Encoding.ASCII.GetString(bytes), CultureInfo.InvariantCulture) : 0;

    /// <summary>A block, or null.</summary>
    public SignedBlock? Get(long height) =>
        db.Get(Key(height)) is { } bytes ? JsonSerializer.Deserialize(bytes, ChainJson.Default.SignedBlock) : null;

    /// <summary>Stores the next block.</summary>
    public void Save(SignedBlock signed)
    {
        var height = signed.Block.Height;
        db.Write([
            new Entry(Key(height), JsonSerializer.SerializeToUtf8Bytes(signed, ChainJson.Default.SignedBlock)),
            new Entry(NewestKey, Encoding.ASCII.GetBytes(height.ToString(CultureInfo.InvariantCulture)))]);
        Height = height;
    }

    private static byte[] Key(long height) => Encoding.ASCII.GetBytes("block/" + height.ToString("D16", CultureInfo.InvariantCulture));
}
