using Temporalio.Client;
using VirtEngine.DR.Activities.Backups;
using VirtEngine.DR.Activities.Backups.Preparing;
using VirtEngine.DR.Activities.Chain;
using VirtEngine.DR.Activities.Chain.Anchors;
using VirtEngine.DR.Activities.Chain.CometBft;
using VirtEngine.DR.Activities.Chain.Recovery;
using VirtEngine.DR.Activities.Clusters;
using VirtEngine.DR.Activities.Clusters.Kubernetes;
using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Activities.Estates;
using VirtEngine.DR.Activities.Evidence;
using VirtEngine.DR.Activities.Forensics;
using VirtEngine.DR.Activities.Incidents;
using VirtEngine.DR.Activities.Locks;
using VirtEngine.DR.Activities.Nodes;
using VirtEngine.DR.Activities.Nodes.Rollbacks;
using VirtEngine.DR.Activities.Nodes.StateSync;
using VirtEngine.DR.Activities.Nodes.Stores;
using VirtEngine.DR.Activities.Notify;
using VirtEngine.DR.Activities.Notify.Discord;
using VirtEngine.DR.Activities.Notify.PagerDuty;
using VirtEngine.DR.Activities.Notify.Slack;
using VirtEngine.DR.Activities.Notify.Webhook;
using VirtEngine.DR.Activities.ObjectStore;
using VirtEngine.DR.Activities.Observe;
using VirtEngine.DR.Activities.Observe.Http;
using VirtEngine.DR.Activities.Schedules;
using VirtEngine.DR.Activities.Signing;
using VirtEngine.DR.Backups.Signing;
using VirtEngine.DR.Backups.Storage;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Estates;

namespace VirtEngine.DR.Worker.Hosting;

/// <summary>Makes the activities of each role with their adapters: the one place where ports meet vendors.</summary>
internal sealed class ActivitySet : IDisposable
{
    private readonly WorkerOptions _options;
    private readonly LoadedEstate _estate;
    private readonly CometBftRpcFactory _rpcs = new();
    private readonly ProbeHttp _probes = new();
    private readonly KubernetesClusters _clusters = new();
    private readonly ObjectStoreFactory _stores = new();
    private readonly KeyWrapperFactory _wrappers = new();
    private readonly NotifyPost _post = new();
    private readonly ActivityPaths _paths;

    public ActivitySet(WorkerOptions options, LoadedEstate estate)
    {
        _options = options;
        _estate = estate;
        _paths = new ActivityPaths(options.StateFolder);
    }

    /// <summary>The activities that need no node.</summary>
    public IReadOnlyList<object> Control(ITemporalClient client) =>
    [
        new EstateActivities(_estate.Estate, _estate.Digest),
        new ChainActivities(_rpcs),
        new ProbeActivities(_probes, _rpcs),
        new RpoActivities(_rpcs, new RepositoryActivities(Repositories(), _paths)),
        new AnchorActivities(_rpcs, Repositories()),
        new RecoveryPlanActivities(_rpcs, Repositories()),
        new RepositoryActivities(Repositories(), _paths),
        new NotifyActivities(Notifiers()),
        new EvidenceActivities(EvidenceStore(), EvidenceSigner()),
        new LockActivities(client),
        new IncidentActivities(client, EvidenceStore()),
        new ScheduleActivities(_estate.Estate, client),
        new PowerActivities(_estate.Estate.Signing, _rpcs, client),
        new ClusterActivities(_clusters),
    ];

    /// <summary>The activities on a node's own host.</summary>
    public IReadOnlyList<object> Node() =>
    [
        new NodeActivities(NodeControls.Default, _rpcs),

        // A node's host is a vantage point too, of its own node and of others.
        new ChainActivities(_rpcs),
        new ProbeActivities(_probes, _rpcs),
        new SignerActivities(NodeControls.Default, _rpcs),
        new StateSyncActivities(NodeControls.Default, _rpcs),
        new AnchorSigningActivities(_rpcs),
        new RecoveryPlanSigningActivities(_rpcs),
        new BackupActivities(new Capturer(_rpcs), Repositories()),
        Forensics(),
        new StoreActivities(NodeControls.Default),
        new RollbackActivities(new Rollbacker(NodeControls.Default)),
        new HomeActivities(new HomePreparer(NodeControls.Default, Repositories())),
        new RestoreActivities(Repositories(), new Restorer(NodeControls.Default, _rpcs), new Prover(Repositories(), _rpcs, _paths)),
    ];

    /// <summary>The watch of a signer on this host.</summary>
    public SignerWatch Watch(Contracts.Nodes.NodeTarget target) =>
        new(target, NodeControls.Default, _rpcs, new NotifyActivities(Notifiers()).SendAsync, _estate.Estate.Channels, TimeProvider.System);

    /// <inheritdoc/>
    public void Dispose()
    {
        _rpcs.Dispose();
        _probes.Dispose();
        _post.Dispose();
        _clusters.Dispose();
    }

    private INotifier[] Notifiers() => [new WebhookNotifier(_post), new PagerDutyNotifier(_post), new SlackNotifier(_post), new DiscordNotifier(_post)];

    private ForensicActivities Forensics()
    {
        var preserver = new Preserver(NodeControls.Default, Repositories());
        return new ForensicActivities(preserver, new Forecaster(preserver, Repositories()), Repositories());
    }

    private RepositoryAccess Repositories() => new(_stores, _wrappers);

    private IObjectStore EvidenceStore()
    {
        if (_estate.Estate.Evidence is not { Length: > 0 } place)
        {
            return new LocalFolderStore(Path.Combine(Path.GetFullPath(_options.StateFolder), "evidence-store"));
        }

        if (!place.StartsWith("s3://", StringComparison.Ordinal))
        {
            return new LocalFolderStore(place.StartsWith("file://", StringComparison.Ordinal) ? new Uri(place).LocalPath : Path.GetFullPath(place));
        }

        // An s3:// URL has the endpoint and credentials of the region whose bucket it names.
        var host = new Uri(place).Host;
        var bucket = _estate.Estate.Regions.Select(region => region.Bucket)
            .FirstOrDefault(one => one is not null && one.Url.StartsWith("s3://", StringComparison.Ordinal) && new Uri(one.Url).Host == host);
        return _stores.Create(bucket is null ? new BucketSpec { Url = place, Region = _estate.Estate.Regions[0].Name } : bucket with { Url = place });
    }

    private PemSigner? EvidenceSigner() => _options.EvidenceKeyFile is { } file ? PemSigner.Load(File.ReadAllText(file)) : null;
}
