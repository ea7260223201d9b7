using System.Globalization;
using System.Text;
using VirtEngine.DR.Simulation.Chain;
using VirtEngine.DR.Simulation.Store;

namespace VirtEngine.DR.Simulation.Node;

/// <summary>
/// The node's databases, opened together: blocks, the application's state and the chain's state. A kill between their writes is made
/// good when they are opened again; databases of different instants are refused.
/// </summary>
public sealed class NodeState : IDisposable
{
    private static readonly byte[] StateKey = "stateKey"u8.ToArray();
    private readonly Lock gate = new();
    private readonly List<MiniDb> open = [];
    private readonly MiniDb state;
    private readonly MiniDb index;
    private TaskCompletionSource grown = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Opens the databases and executes what was stored and not executed.</summary>
    /// <exception cref="NodeHaltException">They do not fit together.</exception>
    public NodeState(NodeConfig config, Genesis genesis)
    {
        Genesis = genesis;
        try
        {
            Blocks = new BlockStore(Db("blockstore.db"));
            state = Db("state.db");
            index = Db("tx_index.db");
            Db("evidence.db");
            Application = Application.Open(Db("application.db"), genesis);
            Wal = new Wal(config.WalFile);
            Handshake();
        }
        catch
        {
            Dispose();
            throw;
        }

        MiniDb Db(string name)
        {
            open.Add(new MiniDb(Path.Combine(config.DatabaseFolder, name), config.TableBytes));
            return open[^1];
        }
    }

    /// <summary>The genesis.</summary>
    public Genesis Genesis { get; }

    /// <summary>The blocks.</summary>
    public BlockStore Blocks { get; }

    /// <summary>The replicated state.</summary>
    public Application Application { get; }

    /// <summary>The consensus log.</summary>
    public Wal Wal { get; } = null!;

    /// <summary>The newest height that is executed; what RPC shows.</summary>
    public long Height { get; private set; }

    /// <summary>The newest block, or null at height zero.</summary>
    public SignedBlock? Newest => Height == 0 ? null : Blocks.Get(Height);

    /// <summary>Ends when the next block is committed.</summary>
    public Task Grown
    {
        get
        {
            lock (gate)
            {
                return grown.Task;
            }
        }
    }

    /// <summary>Checks, stores and executes the next block.</summary>
    /// <exception cref="NodeHaltException">It does not follow this node's chain, or this node's state is another one.</exception>
    public void Commit(SignedBlock signed)
    {
        Check(signed.Block);
        if (signed.Votes.Select(vote => vote.Address).Distinct().Sum(Power) * 3 <= Genesis.Power * 2)
        {
            throw new NodeHaltException($"block {signed.Block.Height} has not more than two thirds of the voting power");
        }

        Blocks.Save(signed);
        Wal.EndHeight(signed.Block.Height);
        Execute(signed.Block);
    }

    /// <summary>Throws unless the block is the next one on this node's chain and state.</summary>
    public void Check(Block block)
    {
        if (block.ChainId != Genesis.ChainId || block.Height != Height + 1 || block.LastBlockId != (Newest?.Block.Hash ?? ""))
        {
            throw new NodeHaltException($"block {block.Height} of '{block.ChainId}' does not follow height {Height} of '{Genesis.ChainId}'");
        }

        if (block.AppHash != Application.Hash)
        {
            throw new NodeHaltException($"wrong Block.Header.AppHash. Expected {Application.Hash}, got {block.AppHash} at height {block.Height}");
        }
    }

    /// <summary>The voting power behind an address; zero for a stranger.</summary>
    public long Power(string address) =>
        Genesis.Validators.Where(v => v.Address == address).Sum(v => long.Parse(v.Power, CultureInfo.InvariantCulture));

    /// <inheritdoc/>
    public void Dispose()
    {
        Wal?.Dispose();
        foreach (var db in open)
        {
            db.Dispose();
        }
    }

    private void Handshake()
    {
        var recorded = state.Get(StateKey) is { } bytes ? long.Parse(Encoding.ASCII.GetString(bytes), CultureInfo.InvariantCulture) : 0;
        var (blocks, app) = (Blocks.Height, Application.Height);
        if (app > blocks || recorded > app || app - recorded > 1 || blocks - app > 1)
        {
            throw new NodeHaltException($"databases of different instants: blockstore {blocks}, application {app}, state {recorded}");
        }

        Height = app;
        if (recorded < app)
        {
            Record(Blocks.Get(app) is { } last ? last.Block : throw new NodeHaltException($"block {app} is missing"));
        }

        if (blocks > app)
        {
            var next = Blocks.Get(blocks) ?? throw new NodeHaltException($"block {blocks} is missing");
            Check(next.Block);
            Execute(next.Block);
        }
    }

    private void Execute(Block block)
    {
        Application.Execute(block);
        Record(block);
        lock (gate)
        {
            Height = block.Height;
            grown.SetResult();
            grown = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private void Record(Block block)
    {
        index.Write([.. block.Txs.Select((tx, i) => new Entry(Encoding.ASCII.GetBytes($"tx/{block.Height:D16}/{i:D4}"), tx))]);
        state.Write([new Entry(StateKey, Encoding.ASCII.GetBytes(block.Height.ToString(CultureInfo.InvariantCulture)))]);
    }
}
