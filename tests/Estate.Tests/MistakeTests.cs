using Xunit;

namespace VirtEngine.DR.Estates.Tests;

/// <summary>Each kind of mistake: found alone, at its line, with its field and with what to do.</summary>
public sealed class MistakeTests
{
    private const string OneKey = "\"-----BEGIN PUBLIC KEY-----\\nMCowBQYDK2VwAyEAyeHRKTGuk79YkBPbV2/vu2+PswBewUzcFQueMVVkq5c=\\n-----END PUBLIC KEY-----\\n\"";

    private const string OneFolder = "[{ name: a, url: 'file:///r/a' }]";

    /// <summary>What is replaced, by what, the field, and a part of the message or advice. <c>#!</c> marks the expected line.</summary>
    public static TheoryData<string, string, string, string> Mistakes { get; } = new()
    {
        // Keys and shapes.
        { "  blockTime: 5s", "  blocktime: 5s #!", "chain.blocktime", "Did you mean 'blockTime'?" },
        { "  blockTime: 5s", "  block_time: 5s #!", "chain.block_time", "Did you mean 'blockTime'?" },
        { "name: small", "name: small\nfoo: bar #!", "foo", "Keys here: name, simulated" },
        { "  id: small-1", "  id: small-1\n  id: other #!", "id", "line 3 already" },
        { "name: small\n", "", "name", "missing" },
        { "  id: small-1\n", "", "chain.id", "missing" },
        { "chain:\n  id: small-1\n  blockTime: 5s", "chain: [a] #!", "chain", "A group of keys is expected, this is a list" },
        { "    zones: [east-a, east-b]", "    zones: east-a #!", "regions[0].zones", "A list is expected" },
        { "  approvers: [ann, bob]", "  approvers: [ann, ''] #!", "approvals.approvers[1]", "empty" },
        { "name: small", "name: [a] #!", "name", "this is a list" },
        { "name: small", "name: '' #!", "name", "An empty text" },
        { "    control: { type: process }", "    control: process #!", "nodes[1].control", "A group of keys is expected" },

        // Types and ranges.
        { "  blockTime: 5s", "  blockTime: 5 #!", "chain.blockTime", "not a duration" },
        { "  blockTime: 5s", "  blockTime: 5 weeks #!", "chain.blockTime", "30s, 15m, 4h" },
        { "  blockTime: 5s", "  blockTime: 2h #!", "chain.blockTime", "From 10ms to 1h" },
        { "  blockTime: 5s", "  maxBlockAge: 6s #!", "chain.maxBlockAge", "twice blockTime" },
        { "  blockTime: 5s", "  maxLagBlocks: -1 #!", "chain.maxLagBlocks", "from 1 to 100000" },
        { "name: small", "name: small\nsimulated: yes #!", "simulated", "not true or false" },
        { "    capacity: 60", "    capacity: 140 #!", "regions[0].capacity", "from 0 to 100" },
        { "  id: small-1", "  id: small/1 #!", "chain.id", "not a name" },
        { "  blockTime: 5s", "  commands: { start: [start, '{hom}'] } #!", "chain.commands.start[1]", "{home}, {chain}, {moniker}" },

        // Regions and buckets.
        { "nodes:\n", "  - name: east #!\n    role: tertiary\nnodes:\n", "regions[2].name", "regions[0].name already" },
        { "    role: secondary", "    role: primary #!", "regions[1].role", "'east' is primary already" },
        { "    role: primary", "    role: tertiary", "regions", "No region is primary" },
        { "    role: secondary", "    role: backup #!", "regions[1].role", "primary, secondary, tertiary" },
        { "    capacity: 40", "    priority: 1 #!", "regions[1].priority", "regions[0].priority already" },
        { "    capacity: 40", "    capacity: 41", "regions", "101 percent" },
        { "    zones: [east-a, east-b]", "    zones: [east-a, east-a] #!\n    #", "regions[0].zones[1]", "zones[0] already" },
        { "      url: file:///srv/buckets/east", "      url: ftp://buckets #!", "regions[0].bucket.url", "not a bucket" },
        { "      url: file:///srv/buckets/east", "      url: s3://UPPER #!", "regions[0].bucket.url", "not a bucket" },
        { "      url: file:///srv/buckets/east", "      url: file:///srv/buckets/east\n      storageClass: STANDARD #!", "regions[0].bucket.storageClass", "the bucket is a folder" },
        { "      endpoint: http://127.0.0.1:7070", "      endpoint: 127.0.0.1:7070 #!", "regions[1].bucket.endpoint", "not an http" },
        { "      endpoint: http://127.0.0.1:7070", "      lock: 30d #!", "regions[1].bucket.lock", "objectLock: true" },
        { "      endpoint: http://127.0.0.1:7070", "      objectLock: true\n      lock: 31d #!", "regions[1].bucket.lock", "configuration are kept for 30d" },
        { "      endpoint: http://127.0.0.1:7070", "      objectLock: true\n      lock: 10y #!", "regions[1].bucket.lock", "not a duration" },
        { "      endpoint: http://127.0.0.1:7070", "      objectLock: true\n      lock: 30s #!", "regions[1].bucket.lock", "From 1m to 400d" },
        { "      endpoint: http://127.0.0.1:7070", "      storageClass: GLACIER #!", "regions[1].bucket.storageClass", "STANDARD_IA" },
        { "      url: s3://backups/west\n      endpoint: http://127.0.0.1:7070", "      url: file:///srv/buckets/east #!", "regions[1].bucket.url", "regions[0].bucket.url already" },
        { "    bucket:\n      url: file:///srv/buckets/east\n", "", "nodes[0].backup", "has no bucket" },

        // Clusters and workloads.
        { "    capacity: 40", "    cluster: { context: c } #!", "regions[1].cluster.context", "there is none" },
        { "    capacity: 40", "    cluster: { kubeconfig: /k, namespace: Virt_Engine } #!", "regions[1].cluster.namespace", "no name in Kubernetes" },
        { "name: small", "name: small\nworkloads: [{ name: Full, role: full }] #!", "workloads[0].name", "no name in Kubernetes" },
        { "name: small", "name: small\nworkloads: [{ role: full }] #!", "workloads[0].name", "missing" },
        { "name: small", "name: small\nworkloads: [{ name: a }] #!", "workloads[0].role", "missing" },
        { "name: small", "name: small\nworkloads: [{ name: a, role: full, kind: daemonSet }] #!", "workloads[0].kind", "deployment, statefulSet" },
        { "name: small", "name: small\nworkloads: [{ name: a, role: full, zoneReplicas: 0 }] #!", "workloads[0].zoneReplicas", "from 1 to 1000" },
        { "name: small", "name: small\nworkloads: [{ name: a, role: validator, zoneReplicas: 2 }] #!", "workloads[0].zoneReplicas", "a double sign" },
        { "name: small", "name: small\nworkloads: [{ name: a, role: full }, { name: a, role: gateway }] #!", "workloads[1].name", "workloads[0].name already" },

        // Probes, vantage points, standbys.
        { "    rpc: http://127.0.0.1:26657", "    probe: { url: 'http://a:1' } #!", "nodes[0].probe", "looked at through its 'rpc'" },
        { "    kind: full", Probed("provider", "{ url: 'tcp://a' }"), "nodes[0].probe.url", "not an http" },
        { "    kind: full", Probed("provider", "{ url: 'http://a:1', status: 99 }"), "nodes[0].probe.status", "from 100 to 599" },
        { "    kind: full", Probed("provider", "{ url: 'http://a:1', field: 'a..b' }"), "nodes[0].probe.field", "joined by dots" },
        { "    kind: full", Probed("provider", "{ url: 'http://a:1', value: ok }"), "nodes[0].probe.value", "there is no 'field'" },
        { "    kind: full", Probed("provider", "{ url: 'http://a:1', maxAge: 1m }"), "nodes[0].probe.maxAge", "there is no 'field'" },
        { "    kind: full", Probed("provider", "{ url: 'http://a:1', field: a, value: b, maxAge: 1m }"), "nodes[0].probe.maxAge", "not both" },
        { "    kind: full", Probed("provider", "{ url: 'http://a:1', sample: up }"), "nodes[0].probe.sample", "for monitoring" },
        { "    kind: full", Probed("gateway", "{ url: 'http://a:1', field: a, value: b }"), "nodes[0].probe.value", "for provider" },
        { "    kind: full", Probed("monitoring", "{ url: 'http://a:1', field: a }"), "nodes[0].probe.field", "for provider and gateway" },
        { "    kind: full", Probed("monitoring", "{ url: 'http://a:1', sample: 'sum(up)' }"), "nodes[0].probe.sample", "not a series" },
        { "    kind: full", Probed("provider", "{ url: 'http://a:1', insecure: true }"), "nodes[0].probe.insecure", "for https" },
        { "    kind: full", Probed("provider", "{ url: 'https://a:1', ca: /no/such/file }"), "nodes[0].probe.ca", "no such file" },
        { "    kind: full", Probed("provider", "{ url: 'https://a:1', ca: '-----BEGIN CERTIFICATE-----' }"), "nodes[0].probe.ca", "no whole PEM certificate" },
        { "approvals:", "observe: { from: [full-1] } #!\napprovals:", "observe.from[0]", "There are: full-0, validator-0" },
        { "approvals:", "observe: { from: [full-0, full-0] } #!\napprovals:", "observe.from[1]", "already" },
        { "    zone: east-a", "    standbyFor: full-9 #!", "nodes[0].standbyFor", "There are: full-0, validator-0" },
        { "    zone: east-a", "    standbyFor: full-0 #!", "nodes[0].standbyFor", "for itself" },
        { "    zone: east-a", "    standbyFor: validator-0 #!", "nodes[0].standbyFor", "SignerMove" },

        // Forensic copies.
        { "backups:\n", "forensics:\n  bucket: { region: east, url: s3://audit } #!\nbackups:\n  encryption: { type: kms, key: alias/a }\n", "forensics.bucket.objectLock", "write-once" },
        { "backups:\n", "forensics:\n  bucket: { region: east, url: s3://audit, objectLock: true } #!\nbackups:\n  encryption: { type: kms, key: alias/a }\n", "forensics.bucket.lock", "'lock' such as 365d" },
        { "approvals:\n", "forensics:\n  bucket: { region: east, url: file:///audit } #!\napprovals:\n", "forensics.bucket", "backups.encryption" },
        { "backups:\n", "forensics:\n  bucket: { url: file:///audit } #!\nbackups:\n  encryption: { type: kms, key: alias/a }\n", "forensics.bucket.region", "missing" },
        { "  blockTime: 5s", "  commands: { rollback: [rollback, '{height}'] } #!", "chain.commands.rollback[1]", "{home}, {chain}, {moniker}" },

        // Nodes.
        { "  - name: validator-0", "  - name: full-0 #!", "nodes[1].name", "nodes[0].name already" },
        { "  - name: validator-0", "  - name: a/b #!", "nodes[1].name", "not a name" },
        { "    region: west", "    region: wets #!", "nodes[1].region", "Did you mean 'west'? There are: east, west" },
        { "    zone: east-a", "    zone: east-c #!", "nodes[0].zone", "not a zone of east" },
        { "    kind: validator", "    kind: miner #!", "nodes[1].kind", "validator, full, archive" },
        { "    home: /opt/full-0", "    home: full-0 #!", "nodes[0].home", "absolute" },
        { "    home: /opt/full-0", "    home: / #!", "nodes[0].home", "absolute" },
        { "    home: /opt/full-0", "    home: /opt/../etc #!", "nodes[0].home", "absolute" },
        { "    home: /opt/full-0", "    home: /opt/full-0\n    database: leveldb #!", "nodes[0].database", "Did you mean 'goleveldb'?" },
        { "    home: /opt/full-0", "    home: /opt/full-0\n    backup: state-sync #!", "nodes[0].backup", "Did you mean 'stateSync'?" },
        { "    home: /opt/full-0", "    home: /opt/full-0\n    database: rocksdb", "nodes[0].backup", "stopped, stateSync, external" },
        { "    home: /opt/full-0", "    home: /opt/full-0\n    freezeBudget: 1m #!", "nodes[0].freezeBudget", "From 10ms to 10s" },
        { "    home: /opt/full-0", "    home: /opt/full-0\n    extras: [../wasm] #!", "nodes[0].extras[0]", "leaves the home" },
        { "    home: /opt/full-0", "    home: /opt/full-0\n    extras: [config] #!", "nodes[0].extras[0]", "cannot be an extra" },
        { "    kind: validator", "    kind: gateway\n    backup: frozen #!", "nodes[1].backup", "no chain state" },
        { "    rpc: http://127.0.0.1:26667", "    rpc: http://127.0.0.1:26657 #!", "nodes[1].rpc", "nodes[0].rpc already" },
        { "    rpc: http://127.0.0.1:26667", "    rpc: 127.0.0.1:26667 #!", "nodes[1].rpc", "not an http" },
        { "    rpc: http://127.0.0.1:26667", "    rpc: http://127.0.0.1 #!", "nodes[1].rpc", "names no port" },
        { "    rpc: http://127.0.0.1:26667", "    rpc: http://127.0.0.1:26667/status #!", "nodes[1].rpc", "has a path" },
        { "    rpc: http://127.0.0.1:26667", "    rpc: http://127.0.0.1:126667 #!", "nodes[1].rpc", "not an http" },
        { "{ type: systemd, unit: virtengine.service }", "{ type: systemd } #!", "nodes[0].control.unit", "needs its unit" },
        { "{ type: process }", "{ type: process, unit: a.service } #!", "nodes[1].control.unit", "for 'type: systemd'" },
        { "{ type: systemd, unit: virtengine.service }", "{ type: systemd, unit: a, command: [b] } #!", "nodes[0].control.command", "for 'type: process'" },
        { "{ type: process }", "{ type: docker } #!", "nodes[1].control.type", "process, systemd, kubernetes" },
        { "{ type: process }", "{ type: process, stopTimeout: 2h } #!", "nodes[1].control.stopTimeout", "From 1s to 1h" },

        // Backups.
        { "      privateKeyFile: /etc/virtengine-dr/signing.pem", "      nodes: [full-1] #!\n      privateKeyFile: /k", "backups.signingKeys[0].nodes[0]", "Did you mean 'full-0'?" },
        { "      privateKeyFile: /etc/virtengine-dr/signing.pem", "      kinds: [chainstate] #!\n      privateKeyFile: /k", "backups.signingKeys[0].kinds[0]", "Did you mean 'chain-state'?" },
        { "      privateKeyFile: /etc/virtengine-dr/signing.pem", "", "nodes[0]", "no signing key may sign" },
        { "      privateKeyFile: /etc/virtengine-dr/signing.pem", "      privateKeyFile: /k\n      nodes: [validator-0]", "nodes[0]", "no signing key may sign" },
        { "      privateKeyFile: /etc/virtengine-dr/signing.pem", "      privateKeyFile: /k\n      revokedAt: 2026-01-30T10:00:00Z", "nodes[0]", "no signing key may sign" },
        { "      privateKeyFile: /etc/virtengine-dr/signing.pem", "      privateKeyFile: /k\n      revokedAt: 2026-01-30 #!", "backups.signingKeys[0].revokedAt", "with its zone" },
        { "  schedules:", "  encryption: { type: vault, key: a } #!\n  schedules:", "backups.encryption.type", "file, kms" },
        { "  schedules:", "  encryption: { type: file } #!\n  schedules:", "backups.encryption.key", "missing" },
        { "  schedules:", "  retention: [{ kind: chain-state }] #!\n  schedules:", "backups.retention[0]", "No rule keeps anything" },
        { "  schedules:", "  retention: [{ kind: chain-state, last: 1 }, { kind: chain-state, last: 2 }] #!\n  schedules:", "backups.retention[1].kind", "already" },
        { "  schedules:", "  rateLimit: 50 #!\n  schedules:", "backups.rateLimit", "At least 64KiB" },
        { "  schedules:", "  readRate: 50 #!\n  schedules:", "backups.readRate", "At least 64KiB" },
        { "  schedules:", "  ioPriority: low #!\n  schedules:", "backups.ioPriority", "normal, idle" },
        { "  schedules:", "  proofMemory: 1MiB #!\n  schedules:", "backups.proofMemory", "At least 256MiB" },
        { "  schedules:", "  rateLimit: fast #!\n  schedules:", "backups.rateLimit", "not a size" },
        { "  schedules:", "  configurationPaths: [../etc] #!\n  schedules:", "backups.configurationPaths[0]", "'..'" },
        { "    - workflow: BackupChainState", "    - workflow: BackupChain #!", "backups.schedules[0].workflow", "Did you mean 'BackupChainState'?" },
        { "    - workflow: BackupChainState", "    - workflow: BackupProviderState", "backups.encryption", "there is no encryption" },
        { "      cron: \"0 */4 * * *\"", "      cron: \"0 */4 * *\" #!", "backups.schedules[0].cron", "4 fields" },
        { "      cron: \"0 */4 * * *\"", "      cron: \"0 24 * * *\" #!", "backups.schedules[0].cron", "hour from 0 to 23" },
        { "      cron: \"0 */4 * * *\"", "      cron: \"0 0 31 2 *\" #!", "backups.schedules[0].cron", "never runs" },
        { "      cron: \"0 */4 * * *\"", "      cron: \"0 0 1 * 1\" #!", "backups.schedules[0].cron", "cannot both be restricted" },
        { "      catchUp: 1h", "      catchUp: 5h #!", "backups.schedules[0].catchUp", "shortest interval of 4h" },

        // Objectives, approvals, people, places.
        { "approvals:", "objectives: { rto: { full: { D1: soon } } } #!\napprovals:", "objectives.rto.full.D1", "n/a" },
        { "approvals:", "objectives: { rto: { full: { D6: 5m } } } #!\napprovals:", "objectives.rto.full.D6", "no such key" },
        { "approvals:", "objectives: { rpo: { chainState: 5m } } #!\napprovals:", "objectives.rpo.chainState", "Did you mean 'chain-state'?" },
        { "  required: 1", "  required: 3 #!", "approvals.required", "can never come from 2 approvers" },
        { "  required: 1", "  required: 0 #!", "approvals.required", "from 1 to 20" },
        { "  required: 1", "  onTimeout: approve #!", "approvals.onTimeout", "A timeout never approves" },
        { "  required: 1", "  onTimeout: wait #!", "approvals.onTimeout", "deny, hold, escalate" },
        { "  required: 1", "  onTimeout: escalate #!", "approvals.onTimeout", "nobody to escalate to" },
        { "  required: 1", "  timeout: 10s #!", "approvals.timeout", "From 1m" },
        { "  required: 1", "  notNeededFor: [validator] #!", "approvals.notNeededFor[0]", "always need an approval" },
        { "  approvers: [ann, bob]", "  approvers: [ann, ann] #!", "approvals.approvers[1]", "already" },
        { "approvals:", "contacts: [{ role: on-call, contact: a, classes: [D9] }] #!\napprovals:", "contacts[0].classes[0]", "D1, D2" },
        { "approvals:", "channels: [{ name: a, type: pigeon, url: 'http://a' }] #!\napprovals:", "channels[0].type", "webhook, pagerduty, slack" },
        { "approvals:", "channels: [{ name: a, type: pagerduty }] #!\napprovals:", "channels[0].secretFile", "routing key" },
        { "approvals:", "channels: [{ name: a, type: webhook }] #!\napprovals:", "channels[0].url", "no address" },
        { "approvals:", "channels: [{ name: a, type: slack, url: 'http://a', secretFile: /run/secrets/slack }] #!\napprovals:", "channels[0].secretFile", "two addresses" },
        { "approvals:", "channels: [{ name: a, type: slack, url: 'https://hooks.slack.com/services/T/B/X' }] #!\napprovals:", "channels[0].url", "is a secret" },
        { "approvals:", "channels: [{ name: a, type: webhook, url: a }] #!\napprovals:", "channels[0].url", "not an http" },
        { "approvals:", "evidence: s3://elsewhere/a #!\napprovals:", "evidence", "s3://backups/" },
        { "approvals:", "server: { address: localhost } #!\napprovals:", "server.address", "host:port" },
        { "approvals:", "server: { address: 'localhost:99999' } #!\napprovals:", "server.address", "1 to 65535" },

        // The signer interlock.
        { "    rpc: http://127.0.0.1:26667", "    signer: { disk: sda } #!", "nodes[1].signer", "no register" },
        { "approvals:", Signing("[{ name: a, url: 's3://reg-a', region: r1 }, { name: b, url: 's3://reg-b', region: r2 }] #!") + "approvals:", "signing.buckets", "At least 3 buckets in 3 different regions" },
        { "approvals:", Signing("[{ name: a, url: 's3://reg-a', region: r1 }, { name: b, url: 's3://reg-b', region: r2 }, { name: c, url: 's3://reg-c', region: r2 }] #!") + "approvals:", "signing.buckets", "in 2 regions" },
        { "approvals:", Signing("[{ name: a, url: 'file:///r/a' }, { name: b, url: 's3://reg-b', region: r2 }] #!") + "approvals:", "signing.buckets", "other machines do not see them" },
        { "approvals:", Signing("[{ name: a, url: 'file:///r/a' }, { name: a, url: 'file:///r/b' }] #!") + "approvals:", "signing.buckets[1].name", "already" },
        { "approvals:", Signing("[{ name: a, url: 'file:///r/a' }, { name: b, url: 'file:///r/a' }] #!") + "approvals:", "signing.buckets[1].url", "already" },
        { "approvals:", Signing("[{ name: a, url: 's3://reg-a' }] #!") + "approvals:", "signing.buckets[0].region", "needs its region" },
        { "approvals:", Signing("[{ name: a, url: 'file:///r/a', versioned: true }] #!") + "approvals:", "signing.buckets[0].versioned", "the bucket is a folder" },
        { "approvals:", Signing("[{ name: a, url: 'ftp://r' }] #!") + "approvals:", "signing.buckets[0].url", "not a bucket" },
        { "approvals:", Signing("[] #!") + "approvals:", "signing.buckets", "list is empty" },
        { "approvals:", Signing(OneFolder, "[{ source: a, url: 'http://a:1' }, { source: a, url: 'http://b:1' }] #!") + "approvals:", "signing.rpcs", "at least 2 different sources" },
        { "approvals:", Signing(OneFolder, "[{ source: a, url: 'tcp://a:1' }] #!") + "approvals:", "signing.rpcs[0].url", "not an http" },
        { "approvals:", Signing(OneFolder) + "  offlineKeys: [{ name: ann, publicKey: " + OneKey + " }] #!\napprovals:", "signing.offlineKeys", "two people must sign" },
        { "approvals:", Signing(OneFolder) + "  offlineKeys: [{ name: ann, publicKey: " + OneKey + " }, { name: bob, publicKey: " + OneKey + " }] #!\napprovals:", "signing.offlineKeys[1].publicKey", "already" },
        { "approvals:", Signing(OneFolder, register: "'a/b' #!") + "approvals:", "signing.register", "not a name" },
    };

    private const string Forty = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    /// <summary>One mistake each in a signer of a valid register.</summary>
    public static TheoryData<string, string, string> SignerMistakes { get; } = new()
    {
        { "{ address: ab, disk: sda }", "nodes[1].signer.address", "40 hex digits" },
        { "{ disk: /dev/sda }", "nodes[1].signer.disk", "without /dev/" },
        { "{ format: cometBft }", "nodes[1].signer.disk", "serial number" },
        { "{ identity: kubernetes, disk: sda }", "nodes[1].signer.disk", "the volume's handle" },
        { "{ disk: sda, hrsFile: data/state.json }", "nodes[1].signer.hrsFile", "not an absolute path" },
        { "{ disk: sda, hostRoot: host }", "nodes[1].signer.hostRoot", "not an absolute path" },
        { "{ disk: sda, format: tmkms, hrsFile: /s.json }", "nodes[1].signer.address", "With tmkms" },
        { "{ disk: sda, control: { type: systemd, unit: tmkms.service } }", "nodes[1].signer.control", "format: tmkms" },
        { "{ disk: sda, format: tmkms, address: " + Forty + ", hrsFile: /s.json, control: { type: process } }", "nodes[1].signer.control.command", "through the gate" },
        { "{ disk: sda, format: horcrux }", "nodes[1].signer.format", "cometBft, tmkms" },
        { "{ disk: sda, identity: machineId }", "nodes[1].signer.identity", "hardware, cloud, kubernetes" },
    };

    [Theory]
    [MemberData(nameof(SignerMistakes))]
    public void Parse_OneMistakeInASigner_IsFoundAlone(string signer, string path, string words)
    {
        var text = BaseEstate.With("    rpc: http://127.0.0.1:26667", "    signer: " + signer).Replace("approvals:", Signing(OneFolder) + "approvals:", StringComparison.Ordinal);

        var problem = Assert.Single(BaseEstate.Problems(text));

        Assert.Equal(path, problem.Path);
        Assert.Contains(words, problem.Message + " " + problem.Allowed, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_ASignerOfAFullNode_IsRefused()
    {
        var text = BaseEstate.With("    rpc: http://127.0.0.1:26657", "    signer: { disk: sda }").Replace("approvals:", Signing(OneFolder) + "approvals:", StringComparison.Ordinal);

        Assert.Contains("Only a validator", Assert.Single(BaseEstate.Problems(text)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Parse_OneMistake_IsFoundAloneWithItsLineAndAdvice(string old, string replacement, string path, string words)
    {
        var text = BaseEstate.With(old, replacement);

        var problem = Assert.Single(BaseEstate.Problems(text));

        Assert.Equal(path, problem.Path);
        Assert.Contains(words, problem.Message + " " + problem.Allowed, StringComparison.Ordinal);
        if (replacement.Contains("#!", StringComparison.Ordinal))
        {
            Assert.Equal(BaseEstate.MarkedLine(text), problem.Line);
        }
    }

    private static string Probed(string kind, string probe) => $"    kind: {kind}\n    probe: {probe} #!";

    private static string Signing(string buckets, string rpcs = "[{ source: a, url: 'http://a:1' }, { source: b, url: 'http://b:1' }]", string register = "r-1") =>
        $"signing:\n  register: {register}\n  rpcs: {rpcs}\n  buckets: {buckets}\n";

    [Fact]
    public void Parse_BaseEstate_HasNoMistake() => Assert.Equal("small", EstateLoader.Parse(BaseEstate.Text, "estate.yaml").Estate.Name);
}
