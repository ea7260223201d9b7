using VirtEngine.DR.Tests.Shared;
using Xunit;

namespace VirtEngine.DR.Peers.Tests.Harness;

/// <summary>The whole stage: a real chain, three S3 servers, a Temporal server, a control worker and a node worker as processes.</summary>
public class PeerStage : IAsyncDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly List<S3Region> _regions = [];
    private TemporalDevServer? _temporal;
    private S3Region? _audit;
    private ChildProgram? _control;
    private Task? _started;

    /// <summary>The chain; the full node is slot 4.</summary>
    public LabNet Net { get; private set; } = null!;

    /// <summary>The operator's program.</summary>
    public Cli Cli { get; private set; } = null!;

    /// <summary>The official command-line program's view.</summary>
    public TemporalDevServer Temporal => _temporal!;

    /// <summary>The S3 servers.</summary>
    public IReadOnlyList<S3Region> Regions => _regions;

    /// <summary>The worker on the full node's host; a test may kill and replace it.</summary>
    public ChildProgram NodeWorker { get; private set; } = null!;

    /// <summary>Where everything is.</summary>
    public string Folder => _folder.Path;

    /// <summary>Starts everything, once; a test that misses a program is skipped here (a fixture that skips would count as a failure).</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (string program in (string[])["labchaind", "labnet", "versitygw", "temporal", "openssl"])
        {
            RequiredProgram.Find(program);
        }

        return _started ??= StartAllAsync(cancellationToken);
    }

    /// <summary>What else is in the estate, below the nodes.</summary>
    protected virtual Task<string> MoreAsync(CancellationToken cancellationToken) => Task.FromResult("");

    private async Task StartAllAsync(CancellationToken cancellationToken)
    {
        Net = await LabNet.StartAsync(_folder["net"], 4, PeerEstate.FullNode, cancellationToken);
        foreach (string region in PeerEstate.Regions)
        {
            _regions.Add(await S3Region.StartAsync(region, _folder["s3-" + region], cancellationToken));
        }

        _temporal = await TemporalDevServer.StartAsync(_folder["temporal.db"], cancellationToken);
        _audit = await S3Region.StartLockedAsync("audit", PeerEstate.Regions[0], _folder["s3-audit"], cancellationToken);
        Cli = new Cli(await PeerEstate.WriteAsync(Folder, Net, _regions, _audit, await MoreAsync(cancellationToken), cancellationToken), _temporal.Address);
        await LabNet.RunAsync(["start", Net.Folder, PeerEstate.FullNode], cancellationToken);
        _control = Cli.StartWorker("--role", "control", "--health-port", "0", "--state", _folder["control"]);
        StartNodeWorker();
        await Net.ReachesAsync(4, 5, TimeSpan.FromSeconds(60), cancellationToken);
    }

    /// <summary>The full node answers: whatever another test left behind is no reason for this one to fail.</summary>
    public async Task EnsureFullNodeAsync(CancellationToken cancellationToken)
    {
        await StartAsync(cancellationToken);
        if (await Net.HeightAsync(4, cancellationToken) is null)
        {
            Assert.True(Directory.Exists(Path.Combine(Net.Home(PeerEstate.FullNode), "data")), "another test lost the full node's data and failed to restore it");
            await SignalFullNodeAsync("KILL", cancellationToken);
            await LabNet.RunAsync(["start", Net.Folder, PeerEstate.FullNode], cancellationToken);
            await Net.ReachesAsync(4, 1, TimeSpan.FromSeconds(60), cancellationToken);
        }
    }

    /// <summary>Sends a signal to the full node's process, whoever started it.</summary>
    public Task SignalFullNodeAsync(string signal, CancellationToken cancellationToken) => Net.SignalAsync(PeerEstate.FullNode, signal, cancellationToken);

    /// <summary>Starts the node worker (again).</summary>
    public void StartNodeWorker() =>
        NodeWorker = Cli.StartWorker("--role", "node", "--node", PeerEstate.FullNode, "--health-port", "0", "--state", _folder["node"]);

    /// <inheritdoc/>
    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (IAsyncDisposable? part in new IAsyncDisposable?[] { NodeWorker, _control, Net, _temporal, _audit }.Concat(_regions))
        {
            if (part is not null)
            {
                await part.DisposeAsync();
            }
        }

        _folder.Dispose();
    }
}
