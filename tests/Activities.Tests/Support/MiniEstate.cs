using VirtEngine.DR.Activities.Backups;
using VirtEngine.DR.Activities.Backups.Preparing;
using VirtEngine.DR.Activities.Chain.CometBft;
using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Activities.Nodes;
using VirtEngine.DR.Activities.ObjectStore;
using VirtEngine.DR.Backups.Signing;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Simulation.Network;

namespace VirtEngine.DR.Activities.Tests.Support;

/// <summary>A small chain of real processes (a validator and a full node), two folders as regions, and the activities on them.</summary>
internal sealed class MiniEstate : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly CometBftRpcFactory _rpcs = new();
    private MiniNodeProcess? _validator;
    private int _number;

    private MiniEstate(MiniNetwork network, NodeSlice slice)
    {
        Network = network;
        Slice = slice;
        var access = new RepositoryAccess(new ObjectStoreFactory(), new KeyWrapperFactory());
        var paths = new ActivityPaths(_folder.File("state"));
        Nodes = new NodeActivities(NodeControls.Default, _rpcs);
        Chain = new Activities.Chain.ChainActivities(_rpcs);
        Backups = new BackupActivities(new Capturer(_rpcs), access);
        Repository = new RepositoryActivities(access, paths);
        Preparer = new HomePreparer(NodeControls.Default, access);
        Homes = new HomeActivities(Preparer);
        Restores = new RestoreActivities(access, new Restorer(NodeControls.Default, _rpcs), new Prover(access, _rpcs, paths));
    }

    public MiniNetwork Network { get; }

    public NodeSlice Slice { get; set; }

    public NodeActivities Nodes { get; }

    public Activities.Chain.ChainActivities Chain { get; }

    public BackupActivities Backups { get; }

    public RepositoryActivities Repository { get; }

    public RestoreActivities Restores { get; }

    public HomePreparer Preparer { get; }

    public HomeActivities Homes { get; }

    /// <summary>From now on configuration can be backed up: these paths, under a key of the test's own.</summary>
    public async Task ConfigureAsync(CancellationToken token, params string[] paths)
    {
        await File.WriteAllTextAsync(_folder.File("key"), Convert.ToBase64String(new byte[32]), token);
        File.SetUnixFileMode(_folder.File("key"), UnixFileMode.UserRead);
        Slice = Slice with { Backups = Slice.Backups with { ConfigurationPaths = paths, Encryption = new EncryptionSpec("file", _folder.File("key"), false) } };
    }

    /// <summary>Takes a backup of a kind; what was left out too.</summary>
    public async Task<(BackupReceipt Receipt, IReadOnlyList<string> LeftOut)> BackUpAsync(string kind, string id)
    {
        var staged = await Backups.CaptureAsync(new CaptureCommand(Key("capture"), Slice, kind));
        var upload = new UploadCommand(Key("upload"), Slice, kind, staged, id);
        var receipt = await Backups.UploadAsync(upload);
        await Backups.DiscardAsync(upload);
        return (receipt, staged.LeftOut ?? []);
    }

    /// <summary>Where scratch folders of proofs stand.</summary>
    public string Scratch => _folder.File("state/scratch");

    /// <summary>The estate's file, for a worker; the full node is kept by that worker.</summary>
    public string EstateFile()
    {
        var validator = Network["validator-0"];
        var estate = new Estate
        {
            Name = "mini",
            Chain = Slice.Target.Chain,
            Regions =
            [
                new RegionSpec { Name = "r1", Role = RegionRole.Primary, Priority = 1, Capacity = 50, Bucket = Slice.Buckets[0] },
                new RegionSpec { Name = "r2", Role = RegionRole.Secondary, Priority = 2, Capacity = 50, Bucket = Slice.Buckets[1] },
            ],
            Nodes =
            [
                Slice.Target.Node,
                Slice.Target.Node with
                {
                    Name = validator.Name,
                    Kind = NodeKind.Validator,
                    Home = validator.Home,
                    Rpc = validator.Rpc.AbsoluteUri,
                    Backup = BackupMethod.None,
                    Control = new ControlSpec { Type = "process", Command = validator.StartCommand },
                },
            ],
            Backups = Slice.Backups,
            Objectives = new ObjectivesSpec([new RtoSpec(NodeKind.Full, "D1", TimeSpan.FromMinutes(15))], []),
            Approvals = new ApprovalSpec(),
            Watch = new WatchSpec { Period = TimeSpan.FromSeconds(3) },
            Simulated = true,
        };
        var file = _folder.File("estate.yaml");
        File.WriteAllText(file, VirtEngine.DR.Estates.EstateWriter.Write(estate));
        return file;
    }

    public MiniNode Full => Network["fullnode-0"];

    public string Home => Full.Home;

    public HealthQuery Health => new(
        Network.ChainId, new RpcEndpoint(Full.Name, Full.Rpc.AbsoluteUri), Slice.References, 20, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(60), 0);

    public static async Task<MiniEstate> StartAsync(CancellationToken token, bool full = true, string? network = null)
    {
        var folder = new TempFolder();
        var nodes = await MiniNetwork.CreateAsync(new MiniNetworkOptions(network ?? folder.File("net")), token);
        var (signer, pem) = PemSigner.Generate();
        await File.WriteAllTextAsync(folder.File("sign.pem"), pem, token);
        var node = nodes["fullnode-0"];
        var slice = new NodeSlice(
            new NodeTarget(
                new NodeSpec
                {
                    Name = node.Name,
                    Kind = NodeKind.Full,
                    Region = "r1",
                    Home = node.Home,
                    Rpc = node.Rpc.AbsoluteUri,
                    Control = new ControlSpec { Type = "process", Command = node.StartCommand, StopTimeout = TimeSpan.FromSeconds(30) },
                    FreezeBudget = TimeSpan.FromSeconds(5),
                },
                new ChainSpec { Id = nodes.ChainId, Commands = new CommandProfile { Binary = SimulationProgram.Path } },
                "digest"),
            [new BucketSpec { Url = "file://" + folder.File("bucket-1"), Region = "r1" }, new BucketSpec { Url = "file://" + folder.File("bucket-2"), Region = "r2" }],
            [new RpcEndpoint("validator-0", nodes["validator-0"].Rpc.AbsoluteUri)],
            new BackupSpec { SigningKeys = [new SigningKeySpec("k1", signer.PublicKeyPem(), ["*"], ["*"], folder.File("sign.pem"), null)] },
            new ApprovalSpec(),
            [],
            [],
            true);
        var estate = new MiniEstate(nodes, slice) { Outer = folder };
        estate._validator = await MiniNodeProcess.StartAsync(nodes["validator-0"], token);
        if (full)
        {
            await estate.Nodes.StartAsync(estate.Act("start"));
            await estate.Chain.AwaitHealthyAsync(estate.Health);
        }

        return estate;
    }

    private TempFolder? Outer { get; init; }

    public StepKey Key(string step) => new("wf", "run", "run", step, "do", Interlocked.Increment(ref _number));

    public NodeAct Act(string step) => new(Key(step), Slice.Target);

    /// <summary>Takes a backup of the full node's chain state in the first region.</summary>
    public async Task<Contracts.Backups.BackupRef> BackUpAsync(string id)
    {
        var staged = await Backups.CaptureAsync(new Contracts.Backups.CaptureCommand(Key("capture"), Slice, Contracts.Backups.BackupKinds.ChainState));
        var upload = new Contracts.Backups.UploadCommand(Key("upload"), Slice, Contracts.Backups.BackupKinds.ChainState, staged, id);
        var receipt = await Backups.UploadAsync(upload);
        await Backups.DiscardAsync(upload);
        return receipt.Backup;
    }

    public async Task KillValidatorAsync()
    {
        await _validator!.DisposeAsync();
        _validator = null;
    }

    public async ValueTask DisposeAsync()
    {
        await Nodes.StopAsync(Act("end"));
        if (_validator is not null)
        {
            await _validator.DisposeAsync();
        }

        _rpcs.Dispose();
        _folder.Dispose();
        Outer?.Dispose();
    }
}
