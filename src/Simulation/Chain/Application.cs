using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using VirtEngine.DR.Simulation.Store;

namespace VirtEngine.DR.Simulation.Chain;

/// <summary>
/// The replicated state: some thousand accounts. Its hash covers every key and value (the sum of their hashes, so that a change costs
/// the same whatever the size) and the height; it is recomputed from the stored bytes when the application is opened.
/// </summary>
public sealed class Application
{
    private const int ValueBytes = 112;
    private static readonly byte[] MetaKey = "m/state"u8.ToArray();
    private readonly MiniDb db;
    private BigInteger sum;

    private Application(MiniDb db, long height, BigInteger sum)
    {
        this.db = db;
        this.sum = sum;
        Height = height;
    }

    /// <summary>The height of the last block that was executed and committed.</summary>
    public long Height { get; private set; }

    /// <summary>The hash of the whole state, in upper-case hex.</summary>
    public string Hash => Convert.ToHexString(SHA256.HashData([.. Fixed(sum), .. BitConverter.GetBytes(Height)]));

    /// <summary>Opens the state, or makes that of the genesis.</summary>
    /// <exception cref="InvalidDataException">The stored bytes do not give the hash that was stored with them.</exception>
    public static Application Open(MiniDb db, Genesis genesis)
    {
        if (db.Get(MetaKey) is not { } meta)
        {
            return Create(db, genesis);
        }

        var sum = BigInteger.Zero;
        db.Scan(entry => sum = entry.Key[0] == (byte)'a' ? Wrap(sum + Digest(entry.Key, entry.Value)) : sum);
        if (sum != new BigInteger(meta.AsSpan(8), isUnsigned: true))
        {
            throw new InvalidDataException("application.db: the accounts do not give the hash of the last commit");
        }

        return new Application(db, BinaryPrimitives.ReadInt64BigEndian(meta), sum);
    }

    /// <summary>Transactions for the next block.</summary>
    public static IReadOnlyList<byte[]> Propose(AppState state) => [.. Enumerable.Range(0, state.WritesPerBlock).Select(_ =>
    {
        var tx = new byte[12];
        BinaryPrimitives.WriteInt32BigEndian(tx, RandomNumberGenerator.GetInt32(state.Accounts));
        RandomNumberGenerator.Fill(tx.AsSpan(4));
        return tx;
    })];

    /// <summary>Executes a block and commits the new state in one write.</summary>
    public void Execute(Block block)
    {
        var changed = new SortedDictionary<byte[], byte[]>(ByteOrder.Instance);
        var next = sum;
        foreach (var tx in block.Txs)
        {
            var key = AccountKey(BinaryPrimitives.ReadInt32BigEndian(tx));
            var old = changed.TryGetValue(key, out var pending) ? pending
                : db.Get(key) ?? throw new InvalidDataException($"account {Encoding.ASCII.GetString(key)} is missing");
            var value = Value(SHA256.HashData([.. old, .. tx]));
            next = Wrap(next - Digest(key, old) + Digest(key, value));
            changed[key] = value;
        }

        db.Write([.. changed.Select(pair => new Entry(pair.Key, pair.Value)), Meta(block.Height, next)]);
        (sum, Height) = (next, block.Height);
    }

    private static Application Create(MiniDb db, Genesis genesis)
    {
        var sum = BigInteger.Zero;
        var batch = new List<Entry>(genesis.AppState.Accounts + 1);
        for (var i = 0; i < genesis.AppState.Accounts; i++)
        {
            var entry = new Entry(AccountKey(i), Value(SHA256.HashData(Encoding.UTF8.GetBytes($"{genesis.ChainId}/{i}"))));
            sum = Wrap(sum + Digest(entry.Key, entry.Value));
            batch.Add(entry);
        }

        db.Write([.. batch, Meta(0, sum)]);
        return new Application(db, 0, sum);
    }

    private static Entry Meta(long height, BigInteger sum)
    {
        var value = new byte[40];
        BinaryPrimitives.WriteInt64BigEndian(value, height);
        Fixed(sum).CopyTo(value, 8);
        return new Entry(MetaKey, value);
    }

    private static byte[] AccountKey(int number) => Encoding.ASCII.GetBytes("a/" + number.ToString("D8", CultureInfo.InvariantCulture));

    private static byte[] Value(byte[] seed)
    {
        var value = new byte[ValueBytes];
        SHA512.HashData(seed, value);
        SHA256.HashData(seed, value.AsSpan(64));
        seed.AsSpan(0, 16).CopyTo(value.AsSpan(96));
        return value;
    }

    private static BigInteger Digest(byte[] key, byte[] value) => new(SHA256.HashData([.. key, 0, .. value]), isUnsigned: true);

    private static BigInteger Wrap(BigInteger value) => value & ((BigInteger.One << 256) - 1);

    private static byte[] Fixed(BigInteger value)
    {
        var bytes = new byte[32];
        value.TryWriteBytes(bytes, out _, isUnsigned: true);
        return bytes;
    }
}
