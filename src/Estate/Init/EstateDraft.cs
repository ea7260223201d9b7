using System.Text.RegularExpressions;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Estates.Reading;

namespace VirtEngine.DR.Estates.Init;

/// <summary>Makes an estate of what was found, and remembers for each decision why.</summary>
internal sealed partial class EstateDraft(
    EstateInitOptions options, PlanEnvironment environment, NodeHome home, SystemdUnit? unit, RunningNode? running, RpcProbe? probe, List<EstateFinding> findings)
{
    /// <summary>Comments by path, for the writer.</summary>
    public Dictionary<string, string> Comments { get; } = new(StringComparer.Ordinal)
    {
        [""] = "A first estate, written by 'virtengine-dr estate init'. Check it with 'virtengine-dr estate check'.\n"
            + "Every key is explained in docs/estate-reference.md; recovery objectives are the plan's until 'objectives' says otherwise.",
        ["backups.schedules"] = "UTC. The plan's times.",
        ["backups.configurationPaths"] = "Inside the node's home. Files that hold private keys never enter.",
        ["approvals.approvers"] = "Who may approve a runbook's gates.",
    };

    public Estate Build(SigningKeySpec signing, string encryptionFile, string folder)
    {
        var region = options.Region ?? environment.Region ?? "local";
        var name = options.NodeName ?? NameOf(home.Moniker);
        CheckChain();
        var nodes = new List<NodeSpec> { Node(name, region) };
        if (environment.ProviderHome is { } provider)
        {
            nodes.Add(Provider(name, region, provider));
        }

        Comments["regions[0].bucket"] = "One copy in one place. Two more regions make it three, as the plan wants.";
        findings.Add(EstateFinding.Warning("regions", "There is one region: a backup that is lost with its bucket is lost. Add regions with buckets of their own."));
        findings.Add(EstateFinding.Warning("approvals", "Nobody is named as an approver: whoever reaches the server may approve. Add 'approvers'."));
        var paths = new List<string> { "config" };
        return new Estate
        {
            Name = NameOf(home.ChainId + "-" + region),
            Chain = Chain(),
            Regions = [new RegionSpec { Name = region, Role = RegionRole.Primary, Capacity = 100, Priority = 1, Bucket = Bucket(region, folder) }],
            Nodes = nodes,
            Backups = new BackupSpec
            {
                SigningKeys = [signing],
                Encryption = new EncryptionSpec("file", encryptionFile, false),
                Retention = [.. EstateDefaults.Retention.Select(r => r.Kind == BackupKinds.ChainState && environment.RetentionCount is { } n ? r with { Last = n } : r)],
                Schedules = ScheduleReader.Defaults(nodes, paths),
                ConfigurationPaths = paths,
            },
            Objectives = new ObjectivesSpec(EstateDefaults.Rto, EstateDefaults.Rpo),
            Approvals = new ApprovalSpec { StarterMayApprove = true },
        };
    }

    private void CheckChain()
    {
        if (probe?.ChainId is { } other && other != home.ChainId)
        {
            throw new EstateInitException($"The RPC at {home.Rpc} is of chain '{other}', but {home.Home} is of '{home.ChainId}'. Another node uses this port: check rpc.laddr.");
        }
    }

    private ChainSpec Chain()
    {
        var command = running?.Command ?? (unit?.Binary is { } binary ? [binary, .. unit.Arguments] : null);
        var defaults = new ChainSpec { Id = home.ChainId };
        if (command is null || command.Count < 2)
        {
            findings.Add(EstateFinding.Warning("chain.commands", $"No service and no running process says how the node is started: '{defaults.Commands.Binary} start' is assumed."));
            return defaults;
        }

        Comments["chain.commands"] = running is null ? "As the unit's ExecStart says." : $"As process {running.Pid} runs.";
        return defaults with
        {
            Commands = defaults.Commands with
            {
                Binary = command[0],
                Start = [.. command.Skip(1).Select(a => a == home.Home || a == home.Home + "/" ? "{home}" : a.Replace("--home=" + home.Home, "--home={home}", StringComparison.Ordinal))],
            },
        };
    }

    private NodeSpec Node(string name, string region)
    {
        var why = home.RemoteSigner is not null ? "config.toml names a remote signer"
            : probe is { VotingPower: > 0 } ? "its RPC says that its key has voting power"
            : home.InGenesis ? "the genesis names its consensus key"
            : null;
        var kind = why is null ? NodeKind.Full : NodeKind.Validator;
        Comments["nodes[0].kind"] = why is null
            ? "Neither the genesis nor its RPC names its consensus key as a validator's. If it is one, say validator."
            : $"A validator: {why}. Its chain state is not copied unless 'backup' says so; its signing state never is.";
        if (why is not null)
        {
            findings.Add(EstateFinding.Warning("nodes[0].backup", $"{name} is a validator ({why}): its chain state is not backed up unless 'backup: stopped' or 'frozen' says so. Protect a full node instead."));
        }

        if (home.Rpc is null)
        {
            findings.Add(EstateFinding.Warning("nodes[0].rpc", "RPC is off in config.toml: heights and app hashes cannot be compared, so backups stay unproven longer."));
        }
        else if (options.Probe && probe is null)
        {
            findings.Add(EstateFinding.Info("nodes[0].rpc", $"{home.Rpc} does not answer now; the address is from config.toml."));
        }

        return new NodeSpec
        {
            Name = name,
            Kind = kind,
            Region = region,
            Home = home.Home,
            Control = Control(),
            Rpc = home.Rpc,
            Database = home.Database,
            Backup = kind == NodeKind.Validator ? BackupMethod.None : home.Database == "rocksdb" ? BackupMethod.Stopped : BackupMethod.Frozen,
            Extras = home.HasWasm ? ["wasm"] : [],
        };
    }

    private ControlSpec Control()
    {
        var name = unit?.Name ?? options.UnitName ?? running?.Unit;
        if (name is not null || unit is not null)
        {
            if (name is null)
            {
                throw new EstateInitException("The unit's text does not say its name. Give --unit-name, or the output of 'systemctl cat <unit>'.");
            }

            return new ControlSpec { Type = "systemd", Unit = name };
        }

        Comments["nodes[0].control"] = "No systemd unit was found: the node's worker starts and stops the process itself, by chain.commands.";
        return new ControlSpec { Type = "process" };
    }

    private static NodeSpec Provider(string node, string region, string home) => new()
    {
        Name = NameOf("provider-" + node),
        Kind = NodeKind.Provider,
        Region = region,
        Home = Path.TrimEndingDirectorySeparator(home),
        Control = new ControlSpec { Type = "systemd", Unit = "provider-daemon.service" },
        Backup = BackupMethod.None,
    };

    private BucketSpec Bucket(string region, string folder)
    {
        var url = options.Bucket ?? (environment.Bucket is { } bucket ? $"{bucket}/{region}" : null);
        if (url is null || url.StartsWith("file:", StringComparison.Ordinal))
        {
            if (url is null)
            {
                findings.Add(EstateFinding.Warning("regions[0].bucket", "Backups go to a folder of this host: they do not survive its loss. Give a bucket with --bucket or DR_BUCKET."));
            }

            return new BucketSpec { Url = url ?? "file://" + Path.GetFullPath(environment.BackupFolder ?? "backups", folder), Region = region };
        }

        return new BucketSpec
        {
            Url = url,
            Region = region,
            Endpoint = environment.Endpoint,
            PathStyle = environment.Endpoint is not null,
            SigningRegion = environment.SigningRegion == region ? null : environment.SigningRegion,
            Profile = environment.Profile,
        };
    }

    private static string NameOf(string text)
    {
        var name = NotName().Replace(text, "-").Trim('-', '.', '_');
        return name.Length == 0 ? "node-0" : name[..Math.Min(name.Length, 50)];
    }

    [GeneratedRegex("[^A-Za-z0-9._-]+")]
    private static partial Regex NotName();
}
