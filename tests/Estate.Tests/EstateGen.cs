using CsCheck;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Signing;

namespace VirtEngine.DR.Estates.Tests;

/// <summary>Random valid estates.</summary>
internal static class EstateGen
{
    private static Gen<T> Any<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static readonly Gen<string> Name =
        from first in Gen.Char["abcXYZ019"]
        from rest in Gen.String[Gen.Char["abcxyzABC0189._-"], 0, 20]
        select first + rest;

    /// <summary>Texts that are hard on YAML: quotes, colons, hashes, spaces at the ends, line breaks, words with a meaning.</summary>
    private static readonly Gen<string> Hard = Gen.OneOf(
        Gen.String[Gen.Char["ab :#-'\"\\{}[],&*!|>%@`~\n\t\u00a0äé漢"], 1, 12],
        Any("null", "~", "true", "no", "1.5", "0x10", "2026-01-30", "- a", "a: b", "a #b", " ", "12:30", "😀", "1e3"));

    private static readonly Gen<TimeSpan> Duration =
        from unit in Any(1L, 1000, 60_000, 3_600_000)
        from count in Gen.Long[1, 20]
        select TimeSpan.FromMilliseconds(unit * count);

    public static Gen<Estate> Estates { get; } =
        from name in Hard
        from id in Name
        from blockTime in Duration.Where(d => d <= TimeSpan.FromMinutes(10) && d >= TimeSpan.FromMilliseconds(10))
        from regionCount in Gen.Int[1, 3]
        from regionNames in Name.Array[3].Where(AllDifferent)
        from zones in Name.Array[2].Where(AllDifferent)
        from nodeNames in Name.Array[1, 5].Where(AllDifferent)
        from kinds in Gen.Enum<NodeKind>().Array[5]
        from places in Gen.Int[0, 2].Array[5]
        from processes in Gen.Bool.Array[5]
        from keyNodes in Gen.Bool
        from texts in Hard.Array[8]
        from required in Gen.Int[1, 3]
        from rate in Any(0L, 65536, 1_000_000, 50L << 20, 123_456_789)
        from objective in Duration
        from last in Gen.Int[1, 100]
        from chainState in Gen.Bool
        from revoked in Gen.Bool
        let regions = Enumerable.Range(0, regionCount).Select(i => Region(i, regionNames[i], zones, texts)).ToList()
        let nodes = nodeNames.Select((n, i) => Node(i, n, kinds[i], regions[places[i] % regionCount], processes[i], texts)).ToList()
        select new Estate
        {
            Name = name,
            Chain = new ChainSpec
            {
                Id = id,
                BlockTime = blockTime,
                MaxBlockAge = blockTime * 2 < TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1) : blockTime * 2,
                Commands = new CommandProfile { Binary = texts[0], Start = [Unplaced(texts[1]), "{home}"], Init = [] },
            },
            Regions = regions,
            Nodes = nodes,
            Workloads = keyNodes
                ? [new() { Name = "fullnode", Role = NodeKind.Full, ZoneReplicas = required }, new() { Name = "validator", Kind = WorkloadKind.StatefulSet, Role = NodeKind.Validator, Namespace = "keys" }]
                : [],
            Dns = revoked ? null : Dns(regions, keyNodes, texts),
            Backups = Backups(nodes, keyNodes, texts, rate, last, chainState, revoked),
            Objectives = new ObjectivesSpec(
                [.. EstateDefaults.Rto.Select((r, i) => i == last % 30 ? r with { Target = objective } : r)],
                [.. EstateDefaults.Rpo.Select((r, i) => i == last % 6 ? r with { Target = objective } : r)]),
            Approvals = new ApprovalSpec { Required = required, Approvers = ["ann", "bob", texts[2] + "!"], StarterMayApprove = keyNodes, OnTimeout = "escalate", NotNeededFor = [NodeKind.Full] },
            Watch = new WatchSpec { Period = objective < TimeSpan.FromDays(7) ? objective : TimeSpan.Zero, Relapses = required + 1 },
            Observe = new ObserveSpec { From = keyNodes ? [nodeNames[0]] : [] },
            Contacts = [new ContactSpec(texts[3], texts[4], ["D1", "D5"], objective), new ContactSpec(texts[3] + "2", texts[4], [], null)],
            Channels = [new ChannelSpec("hook", "webhook", "https://example.org/a?b=c#d", ["D3"]), new ChannelSpec("pager", "pagerduty", "", [], "/run/secrets/" + id)],
            Evidence = "/srv/evidence " + last,
            Forensics = revoked ? null : new ForensicsSpec(chainState
                ? new BucketSpec { Url = "file:///srv/forensics", Region = id }
                : new BucketSpec { Url = "s3://audit/forensics", Region = "elsewhere", ObjectLock = true, Lock = TimeSpan.FromDays(365), KmsKeyId = texts[5] }),
            Signing = Signing(keyNodes ? id : null, revoked),
            Server = new ServerSpec("127.0.0.1:7233", id, keyNodes),
        };

    private static RegionSpec Region(int index, string name, string[] zones, string[] texts) => new()
    {
        Name = name,
        Role = (RegionRole)index,
        Capacity = 30 + index,
        Priority = index + 1,
        Zones = zones,
        Bucket = index == 1
            ? new BucketSpec { Url = "file:///srv/buckets/" + name, Region = name }
            : new BucketSpec
            {
                Url = $"s3://bucket-{index}/{name}",
                Region = name,
                Endpoint = index == 0 ? "http://127.0.0.1:7070" : null,
                PathStyle = index == 0,
                StorageClass = index == 0 ? null : "STANDARD_IA",
                KmsKeyId = texts[5],
                ObjectLock = index == 2,
                Lock = index == 2 ? TimeSpan.FromHours(36) : null,
                Profile = texts[6],
            },
        Cluster = index switch
        {
            0 => new ClusterSpec { Kubeconfig = "/etc/kube config", Context = texts[4], Namespace = "chain" },
            1 => new ClusterSpec(),
            _ => null,
        },
    };

    private static NodeSpec Node(int index, string name, NodeKind kind, RegionSpec region, bool process, string[] texts) => new()
    {
        Name = name,
        Kind = kind,
        Region = region.Name,
        Zone = process ? region.Zones[0] : null,
        Home = "/opt/node " + index,
        Control = process
            ? new ControlSpec { Type = "process", Command = [Unplaced(texts[7]), "a"] }
            : new ControlSpec { Type = "systemd", Unit = texts[7], StopTimeout = TimeSpan.FromSeconds(90) },
        Rpc = process ? $"http://127.0.0.1:{26657 + index}" : null,
        Backup = kind is NodeKind.Validator && process ? BackupMethod.Stopped : EstateDefaults.Backup(kind),
        Extras = process ? ["wasm", "a/b"] : [],
        Probe = kind switch
        {
            NodeKind.Provider when process => new ProbeSpec { Url = "https://a:8443/status?x=y#z", Field = "a.0.b", Value = texts[7], Ca = Certificate, Status = 204 },
            NodeKind.Gateway => new ProbeSpec { Url = "https://a:1", MaxAge = TimeSpan.FromSeconds(90), Insecure = process },
            NodeKind.Monitoring => new ProbeSpec { Url = "http://a:9090/prom", Sample = process ? "up{job=\"a b\"}" : "up" },
            _ => null,
        },
        Signer = kind is not NodeKind.Validator ? null
            : process ? new SignerSpec { Disk = "sda", HostRoot = "/host of " + index }
            : new SignerSpec { Address = new string('A', 40), HrsFile = "/var/lib/tmkms/state: 1.json", Format = HrsFormat.Tmkms, Identity = IdentityKind.Kubernetes },
    };

    private static DnsSpec Dns(List<RegionSpec> regions, bool more, string[] texts) => new()
    {
        Zone = "example.org",
        ZoneId = more ? "Z1" : null,
        Endpoint = more ? "http://127.0.0.1:5000" : null,
        Profile = more ? texts[6] : null,
        Ttl = TimeSpan.FromSeconds(more ? 30 : 60),
        Exclusive = more,
        Names = [new() { Name = "rpc.example.org", Sets = more ? [new(regions[0].Name, texts[3])] : [] }, new() { Name = "example.org", Type = "AAAA", Weight = 7 }],
        Switches = more
            ? [new(regions[0].Name, "https://switch.example.net/dns/one", new() { Url = "s3://switch/dns", Region = "elsewhere at all", Endpoint = "http://127.0.0.1:7070", PathStyle = true, SigningRegion = "r", Profile = texts[6] })]
            : [],
    };

    private static SigningSpec Signing(string? register, bool folders) => new()
    {
        Register = register,
        Buckets = folders
            ? [new GateBucket { Name = "here", Url = "file:///srv/register", Region = "local" }]
            : [.. Enumerable.Range(0, 3).Select(i => new GateBucket
            {
                Name = "r" + i, Url = $"s3://register-{i}/chain", Region = "region-" + i, Endpoint = i == 0 ? "http://127.0.0.1:7070" : null, PathStyle = i == 0, Versioned = i == 1, Profile = i == 2 ? "a b" : null,
            })],
        Rpcs = [new GateRpc { Source = "ours", Url = "http://127.0.0.1:26657" }, new GateRpc { Source = "theirs", Url = "https://rpc.example.org/a" }],
        OfflineKeys = folders ? [] : [new OfflineKey("ann", BaseEstate.PublicKey), new OfflineKey("bob", OldKey)],
    };

    private static BackupSpec Backups(List<NodeSpec> nodes, bool keyNodes, string[] texts, long rate, int last, bool chainState, bool revoked) => new()
    {
        SigningKeys =
        [
            new SigningKeySpec(
                "key-1", BaseEstate.PublicKey, keyNodes ? [.. nodes.Select(n => n.Name)] : ["*"], BackupKinds.All, "/etc/keys/signing key.pem", null),
            .. revoked
                ? new[] { new SigningKeySpec("old", OldKey, ["*"], ["*"], null, new DateTimeOffset(2026, 1, 30, 10, 0, 0, 123, TimeSpan.Zero)) }
                : [],
        ],
        Encryption = new EncryptionSpec(chainState ? "file" : "kms", chainState ? "/etc/keys/a b" : "alias/" + texts[5], chainState),
        Retention =
        [
            new RetentionSpec(BackupKinds.ChainState, last, 1, 0, 2, 3, TimeSpan.FromHours(36)),
            .. EstateDefaults.Retention.Skip(1),
        ],
        Schedules = keyNodes ? [] : [new ScheduleSpec("BackupConfiguration", "15 * * * *", TimeSpan.FromMinutes(30))],
        ConfigurationPaths = ["config", "/etc/*.conf"],
        RateLimit = rate,
        ReadRate = rate,
        IoPriority = chainState ? "idle" : "normal",
        ProofMemory = chainState ? 4L << 30 : 0,
    };

    private static readonly string Certificate = MakeCertificate();

    private static string MakeCertificate()
    {
        using var key = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        using var made = new System.Security.Cryptography.X509Certificates.CertificateRequest("CN=ca", key, System.Security.Cryptography.HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        return made.ExportCertificatePem() + "\n";
    }

    private const string OldKey = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----\n";

    private static bool AllDifferent(string[] names) => names.Distinct().Count() == names.Length;

    /// <summary>Text without a brace: in a command <c>{…}</c> is a place to fill, and unknown ones are refused.</summary>
    private static string Unplaced(string text) => text.Replace('{', '(');
}
