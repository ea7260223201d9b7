using VirtEngine.DR.Activities.Chain;
using VirtEngine.DR.Activities.Nodes;
using VirtEngine.DR.Activities.Signing;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Contracts.Notify;
using VirtEngine.DR.Signing;
using VirtEngine.DR.Tests.Shared;

namespace VirtEngine.DR.Activities.Tests.Signing;

/// <summary>A signer's host in folders, with a node that is a word, a register of three folders, and two RPCs that say what a test wants.</summary>
internal sealed class WatchedHost : INodeControl, IChainRpcFactory, IDisposable
{
    public static readonly SignerName Signer = new("chain-1", "0123456789ABCDEF0123456789ABCDEF01234567");
    private readonly ScratchFolder _folder = new();

    public WatchedHost()
    {
        // Of the whole process: the tests of one class run one after the other, and no other class has signers.
        Environment.SetEnvironmentVariable(SignerPaths.RootVariable, _folder["signers"]);
        Write("host/sys/class/dmi/id/product_uuid", "uuid-1");
        Write("host/sys/block/sda/device/serial", "disk-1");
        Write("host/proc/sys/kernel/random/boot_id", "boot-1");
        Paths = new SignerPaths(_folder["signers"], Signer);
        var config = new GateConfig
        {
            Register = "r",
            HrsFile = _folder["state.json"],
            Format = HrsFormat.Tmkms,
            Disk = "sda",
            HostRoot = _folder["host"],
            Buckets = [.. new[] { "a", "b", "c" }.Select(name => new GateBucket { Name = name, Url = "file://" + Directory.CreateDirectory(_folder["register/" + name]).FullName, Region = "here" })],
            Rpcs = [new GateRpc { Source = "first", Url = "http://first:26657" }, new GateRpc { Source = "second", Url = "http://second:26657" }],
        };
        config.Save(Paths.Gate);
        foreach (var bucket in config.Buckets)
        {
            var members = new RegisterMembers { Register = "r", Generation = 1, Buckets = ["a", "b", "c"] };
            Write($"register/{bucket.Name}/{RegisterKeys.Members(1)}", SlotBytes.Write(members));
        }

        Target = new NodeTarget(
            new NodeSpec
            {
                Name = "validator-1",
                Kind = NodeKind.Validator,
                Region = "here",
                Home = _folder["home"],
                Control = new ControlSpec { Type = "process" },
                Signer = new SignerSpec { Address = Signer.Address, Format = HrsFormat.Tmkms, Disk = "sda", HostRoot = _folder["host"] },
            },
            new ChainSpec { Id = Signer.Chain }, "digest");
        Machine = SignerHost.Of(Paths, config, null).Machine;
        Watch = new SignerWatch(Target, new NodeControls([this]), this, PageAsync, [], Time);
    }

    public SignerPaths Paths { get; }

    public string Machine { get; }

    public NodeTarget Target { get; }

    public SignerWatch Watch { get; private set; }

    public SteppedTime Time { get; } = new();

    public AlarmFile Alarms => new(Paths.Alarm);

    public ProcessState Process { get; set; } = ProcessState.Running;

    public string Log { get; set; } = "all is well";

    public string? StopFails { get; set; }

    public int Stops { get; private set; }

    public bool PagesArrive { get; set; } = true;

    public List<Notification> Pages { get; } = [];

    public long Height { get; set; } = 100;

    /// <summary>Who shows evidence in which block.</summary>
    public List<(string Source, long Height)> Evidence { get; } = [];

    /// <summary>Who shows the key's signature in which commit.</summary>
    public List<(string Source, long Height)> Signed { get; } = [];

    public string Type => "process";

    /// <summary>A look, some seconds after the one before.</summary>
    public Task<SignerWatchState> LookAsync(CancellationToken cancellationToken)
    {
        Time.Now += TimeSpan.FromSeconds(5);
        return Watch.TickAsync(cancellationToken);
    }

    /// <summary>The worker is started anew.</summary>
    public void Restart() => Watch = new SignerWatch(Target, new NodeControls([this]), this, PageAsync, [], Time);

    public void Put(SlotObject value)
    {
        foreach (var bucket in new[] { "a", "b", "c" })
        {
            Write($"register/{bucket}/{RegisterKeys.Slot(Signer, value.Epoch)}", SlotBytes.Write(value));
        }
    }

    public Task<ProcessView> ObserveAsync(NodeTarget target, CancellationToken cancellationToken) => Task.FromResult(new ProcessView(Process, 42, []));

    public Task StopAsync(NodeTarget target, IFence fence, CancellationToken cancellationToken)
    {
        Stops++;
        if (StopFails is { } why)
        {
            return Task.FromException(new InvalidOperationException(why));
        }

        Process = ProcessState.Stopped;
        return Task.CompletedTask;
    }

    public Task StartAsync(NodeTarget target, IFence fence, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<string?> LogAsync(NodeTarget target, int bytes, CancellationToken cancellationToken) => Task.FromResult<string?>(Log);

    public IChainRpc Create(Uri url) => new Rpc(this, url);

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(SignerPaths.RootVariable, null);
        _folder.Dispose();
    }

    private Task<IReadOnlyList<NotifyReceipt>> PageAsync(Notification notification)
    {
        Pages.Add(notification);
        return Task.FromResult<IReadOnlyList<NotifyReceipt>>([new("ops", PagesArrive, "")]);
    }

    private void Write(string file, string text) => Write(file, System.Text.Encoding.UTF8.GetBytes(text));

    private void Write(string file, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[file])!);
        File.WriteAllBytes(_folder[file], bytes);
    }

    internal sealed class SteppedTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }

    private sealed class Rpc(WatchedHost host, Uri url) : IChainRpc
    {
        public Uri Url => url;

        public Task<ChainStatus> StatusAsync(CancellationToken cancellationToken) =>
            Task.FromResult(new ChainStatus(Signer.Chain, url.Host, "0.38", host.Height, DateTimeOffset.UtcNow, 1, false, 0));

        public Task<ChainCommit?> CommitAsync(long height, CancellationToken cancellationToken) =>
            Task.FromResult<ChainCommit?>(new(height, true, host.Signed.Contains((url.Host, height)) ? [Signer.Address] : []));

        public Task<IReadOnlyList<string>?> DoubleSignersAsync(long height, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<string>?>(host.Evidence.Contains((url.Host, height)) ? [Signer.Address] : []);

        public Task<IReadOnlyList<RoundVote>> RoundVotesAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<ChainHeader?> HeaderAsync(long height, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<int> PeersAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<ChainValidator>> ValidatorsAsync(long? height, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<AppInfo> AppInfoAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<byte[]> QueryAsync(string path, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
