using System.Text;
using VirtEngine.DR.Backups.Tables;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Nodes;

namespace VirtEngine.DR.Activities.Nodes.Stores;

/// <summary>
/// Reads the heights in a stopped node's stores from their files, as CometBFT 0.38 and the Cosmos SDK keep them. Unknown is said and is
/// never a height: a node that was asked while it stood answered 0, and 0 restored it from a backup.
/// </summary>
internal static class StoreReader
{
    private const string Readable = "goleveldb";
    private static readonly byte[] BlockStoreKey = Encoding.ASCII.GetBytes("blockStore");
    private static readonly byte[] StateKey = Encoding.ASCII.GetBytes("stateKey");
    private static readonly byte[] LatestVersionKey = Encoding.ASCII.GetBytes("s/latest");

    /// <summary>The stores as they are on disk.</summary>
    public static NodeStores Read(NodeSpec node, NodeHome home) => new()
    {
        At = DateTimeOffset.UtcNow,
        Blocks = Read(node, home, "blockstore.db", BlockStoreKey, value => new StoreHeight(ProtoFields.Number(value, 2), null) { Base = ProtoFields.Number(value, 1) }),
        State = Read(node, home, "state.db", StateKey, value => new StoreHeight(ProtoFields.Number(value, 3), null)
        {
            AppHash = Convert.ToHexString(ProtoFields.Bytes(value, 13)),
        }),
        Application = Read(node, home, "application.db", LatestVersionKey, value => new StoreHeight(ProtoFields.Number(value, 1), null)),
    };

    /// <summary>All three unknown, for one reason.</summary>
    public static NodeStores Unknown(string why) => new()
    {
        At = DateTimeOffset.UtcNow,
        Blocks = new(null, why),
        State = new(null, why),
        Application = new(null, why),
    };

    private static StoreHeight Read(NodeSpec node, NodeHome home, string name, byte[] key, Func<byte[], StoreHeight> understand)
    {
        var folder = Path.Combine(home.Data, name);
        if (node.Database != Readable)
        {
            return new(null, $"'{name}' is a {node.Database}, and only {Readable} is read without starting the node");
        }

        if (!Directory.Exists(folder))
        {
            return new(null, $"'{folder}' does not exist");
        }

        try
        {
            return StoppedDatabase.Open(folder).Find(key) is { } value
                ? understand(value)
                : new(null, $"'{folder}' holds no '{Encoding.ASCII.GetString(key)}': it is empty, or not what it is called");
        }
        catch (DatabaseTornException e)
        {
            return new(null, $"'{folder}' is torn: {Path.GetFileName(e.File)}: {e.Message}");
        }
        catch (InvalidDataException e)
        {
            return new(null, $"'{folder}': the value of '{Encoding.ASCII.GetString(key)}' is not understood: {e.Message}");
        }
    }
}
