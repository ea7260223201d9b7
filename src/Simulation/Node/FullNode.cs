using System.Collections.Concurrent;
using VirtEngine.DR.Simulation.Chain;

namespace VirtEngine.DR.Simulation.Node;

/// <summary>
/// A node that runs: it follows its peers, votes when it is a validator, and proposes when it is the genesis' first one. There are no
/// rounds: without the proposer, or without more than two thirds of the power, the chain halts.
/// </summary>
public sealed class FullNode : IDisposable
{
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(100);
    private readonly Lock voting = new();
    private readonly SemaphoreSlim committing = new(1);
    private readonly ConcurrentDictionary<string, DateTime> inbound = new(StringComparer.Ordinal);
    private bool synced;

    /// <summary>Opens the node; nothing runs before <see cref="RunAsync"/>.</summary>
    public FullNode(NodeConfig config)
    {
        Config = config;
        Genesis = ChainJson.ReadFile(config.GenesisFile, json => json.Genesis);
        if (!File.Exists(config.NodeKeyFile))
        {
            ChainJson.WriteFile(config.NodeKeyFile, NodeKey.Create(), json => json.NodeKey, secret: true);
        }

        NodeId = ChainJson.ReadFile(config.NodeKeyFile, json => json.NodeKey).Id;
        Signer = Signer.Open(config.KeyFile, config.StateFile);
        State = new NodeState(config, Genesis);
        Peers = [.. config.Peers.Where(peer => peer.Id != NodeId).Select(peer => new PeerClient(peer, NodeId))];
        synced = Peers.Count == 0;
    }

    /// <summary>The configuration.</summary>
    public NodeConfig Config { get; }

    /// <summary>The genesis.</summary>
    public Genesis Genesis { get; }

    /// <summary>The p2p id.</summary>
    public string NodeId { get; }

    /// <summary>The key and its guard.</summary>
    public Signer Signer { get; }

    /// <summary>The databases.</summary>
    public NodeState State { get; }

    /// <summary>The persistent peers.</summary>
    public IReadOnlyList<PeerClient> Peers { get; }

    /// <summary>The block that waits for votes, for <c>/consensus_state</c>.</summary>
    public (Block Block, int Votes)? Pending { get; private set; }

    /// <summary>True until the node is as high as the peers that answer.</summary>
    public bool CatchingUp => !synced;

    /// <summary>Ids of the peers that answered, or asked, lately.</summary>
    public IReadOnlyCollection<string> Connected => [.. Peers.Where(peer => peer.Status is not null).Select(peer => peer.Peer.Id)
        .Union(inbound.Where(seen => DateTime.UtcNow - seen.Value < TimeSpan.FromSeconds(3)).Select(seen => seen.Key))];

    private bool Proposes => Genesis.Validators[0].Address == Signer.Key.Address;

    /// <summary>Remembers that a peer spoke to us.</summary>
    public void Heard(string id) => inbound[id] = DateTime.UtcNow;

    /// <summary>Runs until it is cancelled or must halt.</summary>
    /// <exception cref="NodeHaltException">The node's state is not the chain's.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await SyncAsync(cancellationToken);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        List<Task> loops = [.. Peers.Select(peer => FollowAsync(peer, linked.Token))];
        loops.Add(Proposes ? ProposeAsync(linked.Token) : Task.Delay(Timeout.Infinite, linked.Token));
        var first = await Task.WhenAny(loops);
        await linked.CancelAsync();
        await Task.WhenAll(loops).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        await first;
    }

    /// <summary>Signs a peer's proposal, when it is the next block here and the guard allows it.</summary>
    public (Vote? Vote, string? Refusal) Vote(Block block)
    {
        lock (voting)
        {
            try
            {
                State.Check(block);
            }
            catch (NodeHaltException refusal)
            {
                return (null, refusal.Message);
            }

            State.Wal.Propose(block);
            return Signer.Sign(block);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var peer in Peers)
        {
            peer.Dispose();
        }

        State.Dispose();
        committing.Dispose();
    }

    /// <summary>Block sync: as high as the highest peer that answers now, before anything is proposed.</summary>
    private async Task SyncAsync(CancellationToken cancellationToken)
    {
        var heights = await Task.WhenAll(Peers.Select(async peer => (await peer.AskAsync(cancellationToken))?.Height ?? 0));
        var target = heights.DefaultIfEmpty(0).Max();
        while (State.Height < target && Peers.FirstOrDefault(peer => peer.Status?.Height > State.Height) is { } source)
        {
            await TakeAsync(source, cancellationToken);
        }

        synced = true;
        NodeLog.Info("blocksync", $"switching to consensus height={State.Height}");
    }

    private async Task FollowAsync(PeerClient peer, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (!await TakeAsync(peer, cancellationToken))
            {
                await Task.Delay(Retry, cancellationToken);
            }

            if (peer.Status is null)
            {
                await peer.AskAsync(cancellationToken);
            }
        }
    }

    private async Task<bool> TakeAsync(PeerClient peer, CancellationToken cancellationToken)
    {
        if (await peer.BlocksAsync(State.Height + 1, cancellationToken) is not { } blocks)
        {
            return false;
        }

        foreach (var signed in blocks)
        {
            await CommitAsync(signed, cancellationToken);
        }

        return true;
    }

    private async Task CommitAsync(SignedBlock signed, CancellationToken cancellationToken)
    {
        await committing.WaitAsync(cancellationToken);
        try
        {
            if (signed.Block.Height == State.Height + 1)
            {
                lock (voting)
                {
                    State.Commit(signed);
                }

                NodeLog.Info("state", $"committed state height={signed.Block.Height} app_hash={State.Application.Hash} num_txs={signed.Block.Txs.Count}");
            }
        }
        finally
        {
            committing.Release();
        }
    }

    private async Task ProposeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var next = State.Height + 1;
            var age = DateTime.UtcNow - (State.Newest?.Block.Time ?? DateTime.MinValue);
            if (age < Config.BlockTime && age > TimeSpan.Zero)
            {
                await Task.Delay(Config.BlockTime - age, cancellationToken);
            }

            if (next == Config.HaltHeight)
            {
                NodeLog.Error("consensus", $"halt height {next} reached");
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }

            // What was signed before a crash is proposed again: the guard would refuse anything else.
            var block = State.Wal.Proposed is { } begun && begun.Height == next && begun.LastBlockId == (State.Newest?.Block.Hash ?? "")
                ? begun : Build(next);
            if (await SignAsync(block, cancellationToken) is { } votes)
            {
                await CommitAsync(new SignedBlock(block, votes), cancellationToken);
            }
            else
            {
                await Task.Delay(Retry, cancellationToken);
            }
        }
    }

    private Block Build(long height) => new(
        Genesis.ChainId, height, DateTime.UtcNow, State.Newest?.Block.Hash ?? "", State.Application.Hash, Signer.Key.Address, Application.Propose(Genesis.AppState));

    private async Task<List<Vote>?> SignAsync(Block block, CancellationToken cancellationToken)
    {
        var (own, refusal) = Vote(block);
        if (own is null)
        {
            NodeLog.Error("consensus", $"refused to sign: {refusal}");
            return null;
        }

        List<Vote> votes = [own, .. (await Task.WhenAll(Genesis.Validators.Count == 1 ? []
            : Peers.Select(peer => peer.VoteAsync(block, cancellationToken)))).OfType<Vote>().Where(vote => State.Power(vote.Address) > 0)];
        Pending = (block, votes.Count);
        return votes.Sum(vote => State.Power(vote.Address)) * 3 > Genesis.Power * 2 ? votes : null;
    }
}
