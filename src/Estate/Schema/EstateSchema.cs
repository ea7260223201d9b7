using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Recovery;
using VirtEngine.DR.Estates.Reading;

namespace VirtEngine.DR.Estates;

/// <summary>
/// Every key that <c>estate.yaml</c> may hold: the loader accepts exactly these, the writer writes them in this order, and
/// <c>docs/estate-reference.md</c> is checked against them.
/// </summary>
public static class EstateSchema
{
    internal const string Required = "required";
    internal const string None = "none";

    private static readonly ChainSpec ChainDefaults = new() { Id = "" };
    private static readonly ControlSpec ControlDefaults = new() { Type = "" };
    private static readonly NodeSpec NodeDefaults =
        new() { Name = "", Kind = NodeKind.Full, Region = "", Home = "", Control = ControlDefaults };

    private static readonly ProbeSpec ProbeDefaults = new() { Url = "" };

    internal static readonly EstateSection Root = new("", "The file itself.",
    [
        new("name", "A text.", Required, "What people call the estate."),
        new("simulated", "true or false.", "false", "A simulated estate: live runs are refused on it, practice runs are refused elsewhere."),
        new("chain", "A group.", Required, "The chain that the nodes run."),
        new("regions", "A list of groups.", Required, "Where the estate lives, and where each region keeps backups."),
        new("nodes", "A list of groups.", Required, "Every machine or process that can fail."),
        new("workloads", "A list of groups.", None, "What runs in the regions' Kubernetes clusters; each has one name in all of them."),
        new("dns", "A group.", "no run changes DNS", "The names by which clients find the estate; see dns.md."),
        new("backups", "A group.", "the plan's schedules and retention", "Who signs backups, how they are encrypted, how long they stay and when they are taken."),
        new("objectives", "A group.", "the plan's tables", "Recovery time and point objectives."),
        new("approvals", "A group.", "one approval, not by the starter", "Who may approve what."),
        new("watch", "A group.", "15 minutes", "How long what was recovered is watched for a relapse."),
        new("observe", "A group.", "the control workers alone look", "From where nodes are looked at."),
        new("contacts", "A list of groups.", None, "People and on-call schedules."),
        new("channels", "A list of groups.", None, "Where notifications go."),
        new("evidence", "A folder, or the s3:// URL of one of the buckets with a prefix.", "beside the worker's state", "Where evidence bundles are kept. A relative folder is taken from this file's folder."),
        new("forensics", "A group.", "the bucket of the node's region", "Where the copies go that a runbook makes of a broken node before it changes anything; see backups.md."),
        new("signing", "A group.", "no signer is under the interlock", "The signer interlock's register and its RPCs; see signing.md."),
        new("server", "A group.", "flag or environment decide", "The Temporal server."),
    ]);

    internal static readonly EstateSection Chain = new("chain", "The chain.",
    [
        new("id", "A chain id, such as virtengine-1.", Required, "The chain id; a backup of another chain is refused."),
        new("blockTime", Quantity.DurationForm, Quantity.Text(ChainDefaults.BlockTime), "The usual time between blocks."),
        new("maxLagBlocks", "A whole number from 1 to 100000.", EstateText.Of(ChainDefaults.MaxLagBlocks), "A node further behind its references is not healthy."),
        new("maxBlockAge", Quantity.DurationForm, Quantity.Text(ChainDefaults.MaxBlockAge), "An older latest block means a halted or stale node; at least twice blockTime."),
        new("trustPeriod", Quantity.DurationForm, Quantity.Text(ChainDefaults.TrustPeriod), "How long a light client trusts validators in a state sync: about two thirds of the unbonding time, at most 224h for one of 14 days."),
        new("commands", "A group.", "the virtengine binary", "How the node's binary is called."),
    ]);

    internal static readonly EstateSection Commands = new("chain.commands", "Argument templates; {home}, {chain} and {moniker} are replaced.",
    [
        new("binary", "A program's name or path.", ChainDefaults.Commands.Binary, "The node's program."),
        new("start", "A list of arguments.", EstateText.Of(ChainDefaults.Commands.Start), "Starts the node."),
        new("version", "A list of arguments.", EstateText.Of(ChainDefaults.Commands.Version), "Prints the version."),
        new("init", "A list of arguments.", EstateText.Of(ChainDefaults.Commands.Init), "Makes a fresh home with new keys."),
        new("rollback", "A list of arguments.", EstateText.Of(ChainDefaults.Commands.Rollback), "Undoes one height of a stopped node and keeps its block."),
        new("rollbackHard", "A list of arguments.", EstateText.Of(ChainDefaults.Commands.RollbackHard), "Undoes one height of a stopped node and its block."),
    ]);

    internal static readonly EstateSection Region = new("regions[]", "One region. Exactly one is primary.",
    [
        new("name", "Letters, digits, '.', '_' and '-'.", Required, "Its name, such as us-east-1."),
        new("role", "primary, secondary or tertiary.", Required, "The order of failover."),
        new("capacity", "A whole number from 0 to 100.", "0", "Its share of the workload in percent; all together at most 100."),
        new("priority", "A whole number from 1 to 100.", "its place in the list", "1 is first; no two are equal."),
        new("zones", "A list of texts.", None, "Its availability zones."),
        new("bucket", "A group.", "this region keeps no backups", "Where this region keeps backups."),
        new("cluster", "A group.", "no cluster", "This region's Kubernetes cluster; RB-DR-002 needs it."),
    ]);

    internal static readonly EstateSection Bucket = new("regions[].bucket", "A bucket, or a folder in its place. No two regions share one.",
    [
        new("url", "s3://bucket/prefix, or file:///folder (file:folder is taken from this file's folder).", Required, "Where it is."),
        new("endpoint", "An http or https URL.", "AWS", "A custom S3 endpoint."),
        new("pathStyle", "true or false.", "false", "Address buckets by path; most servers other than AWS need it."),
        new("signingRegion", "A region's name.", "the region's name", "The region in signatures where it differs."),
        new("storageClass", "STANDARD, STANDARD_IA, ONEZONE_IA, INTELLIGENT_TIERING or GLACIER_IR.", "the bucket's", "The storage class of objects."),
        new("kmsKeyId", "A KMS key's id or ARN.", None, "Encrypt with this key on the server's side (SSE-KMS)."),
        new("objectLock", "true or false.", "false", "The bucket was made with object lock: former versions are looked for, and 'lock' may be set."),
        new("lock", Quantity.DurationForm + " From 1m to 400d; only with objectLock.", "the bucket's default retention", "Lock each object of a backup this long (COMPLIANCE mode, by the bucket's clock; from 2d on rounded up to a whole UTC day). Nobody can shorten it. At most as long as the kind of backup that is kept shortest."),
        new("profile", "A profile's name.", "the default chain", "A profile of the AWS credentials file."),
    ]);

    internal static readonly EstateSection Forensics = new("forensics", "Forensic copies.",
    [
        new("bucket", "A group.", Required, "Their own bucket. With S3 it is write-once: objectLock and lock are needed. Copies are always encrypted: 'backups.encryption' is needed."),
    ]);

    internal static readonly EstateSection ForensicBucket = new("forensics.bucket", "The bucket of forensic copies. The region aside, its keys are those of a region's bucket.",
    [
        new("region", "A region's name.", Required, "Where it is; it need not be a region of this estate."),
        .. Bucket.Keys.Select(key => key.Name == "lock"
            ? key with { Default = "needed with S3", Meaning = "Lock each object of a copy this long (COMPLIANCE mode, by the bucket's clock; from 2d on rounded up to a whole UTC day). Nobody can shorten it." }
            : key),
    ]);

    internal static readonly EstateSection Node = new("nodes[]", "One node.",
    [
        new("name", "Up to 63 letters, digits, '.', '_' and '-'.", Required, "Its name, unique in the estate; its worker's queue is dr-node-<name>."),
        new("kind", "validator, full, archive, provider, gateway or monitoring.", Required, "What it is."),
        new("region", "A region of this estate.", Required, "Its region."),
        new("zone", "A zone of its region.", None, "Its availability zone."),
        new("home", "An absolute path.", Required, "Its home folder on its own host."),
        new("control", "A group.", Required, "How it is started and stopped."),
        new("rpc", "An http or https URL with a port and no path.", None, "Its RPC as seen from its own host and from the control workers."),
        new("database", "goleveldb, pebbledb or rocksdb.", NodeDefaults.Database, "The kind of its databases."),
        new("backup", "none, frozen, stopped, stateSync or external.", "frozen for full and archive, none for others", "How its chain state is backed up. A validator is copied only when this says so; provider, gateway and monitoring have no chain state."),
        new("extras", "A list of paths inside the home.", None, "What belongs to the same instant beside data, such as wasm."),
        new("freezeBudget", Quantity.DurationForm, Quantity.Text(NodeDefaults.FreezeBudget), "The longest pause of a frozen snapshot."),
        new("signer", "A group; only for a validator.", "its key is not under the interlock", "The consensus key that signs on this node's host."),
        new("probe", "A group; only for provider, gateway and monitoring.", "its health cannot be proven", "How it is looked at from outside. A chain's node is looked at through its 'rpc'."),
        new("standbyFor", "The name of a full node; only for a full node.", "it stands in for nobody", "The node whose place this one takes when that one's host is gone (RB-DR-001)."),
    ]);

    internal static readonly EstateSection Control = new("nodes[].control", "How a node is started and stopped.",
    [
        new("type", "process, systemd or kubernetes.", Required, "process: the node worker supervises it; systemd: a unit of the host; kubernetes: comes with a later release."),
        new("unit", "A unit's name; only for systemd, and needed there.", None, "The systemd unit, such as virtengine.service."),
        new("command", "A list: program and arguments; only for process.", "chain.commands", "What to run."),
        new("stopTimeout", Quantity.DurationForm, Quantity.Text(ControlDefaults.StopTimeout), "How long a stop may take before it counts as hung."),
    ]);

    internal static readonly EstateSection Probe = new("nodes[].probe", "How a component without a chain's RPC is looked at. That something answers is never enough by itself for a gateway or a monitoring server.",
    [
        new("url", "An http or https URL.", Required, "provider: its status page. gateway: its newest block, or the gateway itself (then the REST path of the Cosmos SDK is asked); the block is compared with the references. monitoring: the Prometheus itself; its /-/ready and one query are asked."),
        new("status", "A whole number from 100 to 599.", EstateText.Of(ProbeDefaults.Status), "The HTTP status of a healthy one."),
        new("field", "Names joined by dots, such as daemon.state or jobs.0.at; not for monitoring.", "provider: the answer is not read; gateway: block.header.time", "A field of the JSON that it answers. Of a gateway: the block's time; its height is looked for beside it."),
        new("value", "A text; only with field, for provider.", None, "What stands in the field of a healthy one."),
        new("maxAge", Quantity.DurationForm, "gateway: chain.maxBlockAge; monitoring: 2m", "provider: the field is a time that must not be older. gateway: how old the newest block may be. monitoring: how old the newest sample may be."),
        new("sample", "A series, such as cometbft_consensus_height or up{job=\"node\"}; only for monitoring.", ProbeDefaults.Sample, "The series whose newest sample shows that it scrapes; of up, only targets that answer count."),
        new("ca", "A PEM certificate, or a file with some; only for https.", "the machine's own authorities", "The only authorities that its certificate may be of. A relative path is taken from this file's folder."),
        new("insecure", "true or false; only for https.", "false", "Do not check its certificate. Every look says so."),
    ]);

    internal static readonly EstateSection Observe = new("observe", "Vantage points beside the control workers. Where they disagree, a run shows it and tells a cut network from a failed node.",
    [
        new("from", "A list of nodes of this estate.", None, "Their workers look at other nodes too: the addresses in rpc and probe must lead to those nodes from there as well. Best in other regions."),
    ]);

    internal static readonly EstateSection Signer = new("nodes[].signer", "The consensus key that signs on this node's host, under the interlock of signing.md. Needs 'signing'.",
    [
        new("address", "40 hex digits.", "the key file's in the home", "The consensus address, as /validators shows it; needed with tmkms."),
        new("hrsFile", "An absolute path.", "where the home has it", "The file with the height, round and step of the last signature; needed with tmkms."),
        new("format", "cometBft or tmkms.", "cometBft", "Who keeps the key and the file."),
        new("control", "A group; only for tmkms.", "no runbook starts or stops tmkms", "How tmkms, on the node's own host, is started and stopped."),
        new("identity", "hardware, cloud or kubernetes.", "hardware", "How the machine is told from others: by DMI UUID and disk serial number, by instance and volume id, or by node UUID and volume handle."),
        new("disk", "A name in /sys/block.", "needed unless kubernetes", "The disk that holds the machine's record, such as nvme0n1."),
        new("hostRoot", "An absolute path.", "/", "Where the host's /proc and /sys are seen from; another place than / only inside a container."),
    ]);

    internal static readonly EstateSection SignerControl = new("nodes[].signer.control", "How tmkms is started and stopped: through the gate of its key, and the node after it. process or systemd; with process the command is needed.", Control.Keys);

    internal static readonly EstateSection Signing = new("signing", "The signer interlock.",
    [
        new("register", "Letters, digits, '.', '_' and '-'.", "not made yet", "The register's id, as 'virtengine-dr signer register init' prints it."),
        new("buckets", "A list of groups.", Required, "The register's buckets: three or more in different regions; folders only where one machine is the whole estate."),
        new("rpcs", "A list of groups.", Required, "RPCs that show the chain, of at least two different sources."),
        new("offlineKeys", "A list of groups, none or at least two.", "none: no start without the register", "Keys of people who may start a signer without the register, two at a time (break glass)."),
    ]);

    internal static readonly EstateSection OfflineKey = new("signing.offlineKeys[]", "A key that a person keeps offline. 'signer enrol' takes it to the signer's host.",
    [
        new("name", "Letters, digits, '.', '_' and '-'.", Required, "Whose it is."),
        new("publicKey", "A PEM public key (Ed25519, RSA or ECDSA), or a file that holds it.", Required, "The public half. A relative file is taken from this file's folder."),
    ]);

    internal static readonly EstateSection SigningBucket = new("signing.buckets[]", "A bucket of the register. Keep it out of replication and lifecycle rules.",
    [
        new("name", "Letters, digits, '.', '_' and '-'.", Required, "Its name among the members; it never changes, and a replacement gets another one."),
        new("url", "s3://bucket/prefix, or file:///folder (file:folder is taken from this file's folder).", Required, "Where it is."),
        new("region", "A region's name.", "needed for s3; local for a folder", "Where it is."),
        new("endpoint", "An http or https URL.", "AWS", "A custom S3 endpoint."),
        new("pathStyle", "true or false.", "false", "Address buckets by path; most servers other than AWS need it."),
        new("versioned", "true or false.", "false", "The bucket keeps versions: the oldest counts."),
        new("profile", "A profile's name.", "the default chain", "A profile of the AWS credentials file."),
    ]);

    internal static readonly EstateSection SigningRpc = new("signing.rpcs[]", "An RPC that shows the chain.",
    [
        new("source", "Letters, digits, '.', '_' and '-'.", Required, "Whose it is: two RPCs of one source are one witness."),
        new("url", "An http or https URL.", Required, "Where it is."),
    ]);

    internal static readonly EstateSection Backups = new("backups", "Backups.",
    [
        new("signingKeys", "A list of groups.", None, "Who may sign manifests; each node that is backed up needs one."),
        new("encryption", "A group.", "not configured", "How backups are encrypted; provider state and configuration need it."),
        new("retention", "A list of groups.", "the plan's", "How long backups stay, one entry for each kind; a kind that is left out keeps the default."),
        new("schedules", "A list of groups.", "the plan's", "When the workflows run. A list replaces all defaults; an empty one schedules nothing."),
        new("configurationPaths", "A list of paths, absolute or inside a node's home; globs are allowed.", None, "What the configuration backup holds; files with private keys never enter."),
        new("rateLimit", Quantity.SizeForm, "0 (none)", "Upload limit in bytes a second."),
        new("readRate", Quantity.SizeForm, "0 (none)", "Limit of what is read from a node's disk for a backup, in bytes a second."),
        new("ioPriority", "normal or idle.", "normal", "idle: a backup reads a node's disk only when nobody else wants it (Linux' idle class; only the schedulers that know classes, such as bfq, heed it)."),
        new("proofMemory", "A size such as 4GiB, at least 256MiB; 0 means half of the host's.", "0 (half of the host's)", "Memory that the node of the fourth rung may have."),
    ]);

    internal static readonly EstateSection SigningKey = new("backups.signingKeys[]", "A key that signs manifests.",
    [
        new("id", "Letters, digits, '.', '_' and '-'.", Required, "Its name in signatures."),
        new("publicKey", "A PEM public key (Ed25519, RSA or ECDSA), or a file that holds it.", Required, "The public half. A relative file is taken from this file's folder."),
        new("nodes", "A list of nodes, or '*'.", "[*]", "The nodes it may sign for."),
        new("kinds", "A list of " + string.Join(", ", BackupKinds.All) + ", " + BackupKinds.Forensic + ", " + AnchorRules.Kind + ", " + RecoveryPlan.Kind + ", or '*'.", "[*]", "The kinds it may sign for; chain-state includes forensic."),
        new("privateKeyFile", "A path on the node's own host.", "a key that only verifies", "Where the node's worker finds the private half; never the key itself."),
        new("revokedAt", "A time with its zone, such as 2026-01-30T10:00:00Z.", "not revoked", "From then on its signatures count only when countersigned."),
    ]);

    internal static readonly EstateSection Encryption = new("backups.encryption", "Encryption by a key that is outside every backup set.",
    [
        new("type", "file or kms.", Required, "Where the key is."),
        new("key", "A file's path, or the KMS key's id or ARN; never the key itself.", Required, "Which key. A relative path is taken from this file's folder."),
        new("chainState", "true or false.", "false", "Encrypt chain state too; it is public data, so it may stay plain."),
    ]);

    internal static readonly EstateSection Retention = new("backups.retention[]", "Keep rules of one kind; a backup stays when any rule keeps it, and the newest proven one always stays.",
    [
        new("kind", string.Join(", ", BackupKinds.All) + ".", Required, "The kind."),
        new("last", "A whole number from 0 to 100000.", "0", "Keep the last n."),
        new("hourly", "A whole number from 0 to 100000.", "0", "Keep one for each of the last n hours that have one."),
        new("daily", "A whole number from 0 to 100000.", "0", "Likewise for days."),
        new("weekly", "A whole number from 0 to 100000.", "0", "Likewise for weeks."),
        new("monthly", "A whole number from 0 to 100000.", "0", "Likewise for months."),
        new("within", Quantity.DurationForm, None, "Keep everything younger than this."),
    ]);

    internal static readonly EstateSection Schedule = new("backups.schedules[]", "When a workflow runs; a run that is due while the last one still goes is left out.",
    [
        new("workflow", string.Join(", ", EstateDefaults.Schedules.Select(s => s.Workflow)) + ".", Required, "The workflow."),
        new("cron", "Five fields: minute, hour, day of month, month, day of week (0 is Sunday).", Required, "When, in UTC."),
        new("catchUp", Quantity.DurationForm, "the cron's shortest interval, at most 1h", "How late a missed run may still start; at most the cron's shortest interval."),
    ]);

    internal static readonly EstateSection Objectives = new("objectives", "Recovery objectives. What is left out is the plan's.",
    [
        new("rto", "A group: node kind, then D1 to D5, each a duration or n/a.", "the plan's table", "From the failure to the proof of health."),
        new("rpo", "A group: kind of data, then a duration.", "the plan's table", "The largest loss that is accepted."),
    ]);

    internal static readonly EstateSection Rto = new("objectives.rto", "One row for each kind of node.",
        [.. EnumNames<NodeKind>.All.Select(kind => new EstateKey(kind, "A group of D1 to D5.", EstateText.RtoRow(kind), "Objectives of this kind of node."))]);

    internal static readonly EstateSection RtoRow = new("objectives.rto.*", "One objective for each incident class.",
        [.. EstateDefaults.Classes.Select(c => new EstateKey(c, "A duration, or n/a.", "the plan's", $"The objective in class {c}."))]);

    internal static readonly EstateSection Rpo = new("objectives.rpo", "One objective for each kind of data.",
        [.. EstateDefaults.Rpo.Select(r => new EstateKey(r.Kind, Quantity.DurationForm, Quantity.Text(r.Target), "The largest loss that is accepted."))]);

    /// <summary>All sections, in the file's order.</summary>
    public static IReadOnlyList<EstateSection> Sections { get; } =
    [
        Root, Chain, Commands, Region, Bucket, ClusterSchema.Cluster, Node, ClusterSchema.Workload, DnsSchema.Dns, DnsSchema.Name, DnsSchema.Set, DnsSchema.Switch, DnsSchema.Bucket, Control, Signer, SignerControl, Probe, Backups, SigningKey, Encryption, Retention, Schedule, Objectives, Rto, RtoRow, Rpo,
        PolicySchema.Approvals, PolicySchema.Watch, Observe, PolicySchema.Contact, PolicySchema.Channel, Forensics, ForensicBucket, Signing, SigningBucket, SigningRpc, OfflineKey, PolicySchema.Server,
    ];
}
