using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Estates.Reading;
using VirtEngine.DR.Estates.Rules;

namespace VirtEngine.DR.Estates.Checking;

/// <summary>What is valid and still worth a decision.</summary>
internal static class EstateFindings
{
    /// <summary>The plan keeps chain state in three regions.</summary>
    private const int Copies = 3;

    public static IReadOnlyList<EstateFinding> Of(Estate estate) => [.. Places(estate), .. Nodes(estate), .. Keys(estate), .. Schedules(estate), .. Anchors(estate), .. People(estate)];

    private static IEnumerable<EstateFinding> Places(Estate estate)
    {
        var buckets = estate.Regions.Count(r => r.Bucket is not null);
        if (buckets < Copies && estate.Nodes.Any(n => n.Backup is not (BackupMethod.None or BackupMethod.External)))
        {
            yield return EstateFinding.Warning("regions", $"{buckets} of the {Copies} regions that the plan wants keep backups: add regions with buckets.");
        }

        for (var i = 0; i < estate.Regions.Count; i++)
        {
            if (estate.Regions[i].Bucket is { ObjectLock: true, Lock: null } unlocked)
            {
                yield return EstateFinding.Warning($"regions[{i}].bucket.lock", $"{unlocked.Url} has object lock but no 'lock' period: what is written is locked only where the bucket has a default retention, and re-used objects lose theirs in time. Say, for example, 'lock: 30d'.");
            }

            if (estate.Regions[i].Bucket is { ObjectLock: false } bucket && bucket.Url.StartsWith("s3://", StringComparison.Ordinal))
            {
                yield return EstateFinding.Info($"regions[{i}].bucket", $"{bucket.Url} is not locked: whoever holds its credentials can delete backups. Make the bucket with object lock and say 'objectLock: true' and 'lock: 30d'.");
            }
        }
    }

    private static IEnumerable<EstateFinding> Nodes(Estate estate)
    {
        for (var i = 0; i < estate.Nodes.Count; i++)
        {
            var node = estate.Nodes[i];
            if (node.Backup is not (BackupMethod.None or BackupMethod.External) && node.Rpc is null)
            {
                yield return EstateFinding.Warning($"nodes[{i}].rpc", $"{node.Name} is backed up without an RPC: the backup's height and app hash are not known until it is opened.");
            }

            if (node.Kind is NodeKind.Provider or NodeKind.Gateway or NodeKind.Monitoring && node.Probe is null)
            {
                yield return EstateFinding.Warning($"nodes[{i}].probe", $"{node.Name} has no probe: whether it is healthy cannot be proven, and a run that cures it ends as partial.");
            }

            if (node.Probe is { Insecure: true })
            {
                yield return EstateFinding.Warning($"nodes[{i}].probe.insecure", $"The certificate of {node.Name} is not checked: whoever answers in its place is believed. Pin its authority with 'ca'.");
            }

            if (node is { Kind: NodeKind.Validator, Backup: BackupMethod.Frozen or BackupMethod.Stopped })
            {
                yield return EstateFinding.Warning($"nodes[{i}].backup", $"{node.Name} is a validator and its data is copied; a full node's is the same and costs no blocks.");
            }

            if (node.Control.Type == "kubernetes")
            {
                yield return EstateFinding.Warning($"nodes[{i}].control", $"{node.Name} is on Kubernetes, which comes with a later release: runs on it answer 'not configured'.");
            }
        }
    }

    private static IEnumerable<EstateFinding> Keys(Estate estate)
    {
        const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        for (var i = 0; i < estate.Backups.SigningKeys.Count; i++)
        {
            // On another host than the node's the file is not there, which is as it should be.
            if (estate.Backups.SigningKeys[i].PrivateKeyFile is { } file && File.Exists(file) && (File.GetUnixFileMode(file) & Others) != 0)
            {
                yield return EstateFinding.Warning($"backups.signingKeys[{i}].privateKeyFile", $"{file} is readable by others: chmod 600 {file}");
            }
        }
    }

    private static IEnumerable<EstateFinding> Schedules(Estate estate)
    {
        foreach (var (workflow, kind) in new[] { (WorkflowTypes.BackupConfiguration, "configuration"), (WorkflowTypes.BackupProviderState, "provider-state") })
        {
            var schedule = estate.Backups.Schedules.FirstOrDefault(s => s.Workflow == workflow);
            var target = estate.Objectives.Rpo.First(r => r.Kind == kind).Target;
            if (schedule is not null && CronExpression.TryParse(schedule.Cron, out var cron, out _) && cron.ShortestInterval > target)
            {
                yield return EstateFinding.Warning("backups.schedules", $"{workflow} runs every {Quantity.Text(cron.ShortestInterval)} at best, but the objective is a loss of at most {Quantity.Text(target)}.");
            }
        }

        if (estate.Nodes.Any(n => n.Backup is not (BackupMethod.None or BackupMethod.External)) && estate.Backups.Schedules.All(s => s.Workflow != WorkflowTypes.BackupChainState))
        {
            yield return EstateFinding.Warning("backups.schedules", "Chain state is backed up by hand only: no schedule runs BackupChainState.");
        }
    }

    private static IEnumerable<EstateFinding> Anchors(Estate estate)
    {
        var sources = AnchorSources.Of(estate);
        if (sources.Count >= AnchorRules.Quorum)
        {
            yield break;
        }

        var have = sources.Count == 0 ? "the estate names none" : $"the estate names {string.Join(", ", sources.Select(one => one.Node))}";
        if (estate.Backups.Schedules.Any(s => s.Workflow == WorkflowTypes.TrustAnchors))
        {
            yield return EstateFinding.Warning(
                "backups.schedules", $"TrustAnchors is scheduled and can only fail: {AnchorRules.Quorum} RPCs must agree on a block, and {have}. Name more full nodes with 'rpc', or RPCs of other owners in 'signing.rpcs'; or take it off the schedules.");
        }
        else if (estate.Nodes.Any(n => n.Kind == NodeKind.Full))
        {
            yield return EstateFinding.Info(
                "backups.schedules", $"No trust anchors are kept, so state sync is no cure: {AnchorRules.Quorum} RPCs must agree on a block, and {have}. Name more full nodes with 'rpc', or RPCs of other owners in 'signing.rpcs'.");
        }
    }

    private static IEnumerable<EstateFinding> People(Estate estate)
    {
        var approvals = estate.Approvals;
        if (approvals.Approvers.Count == 0)
        {
            yield return EstateFinding.Warning("approvals.approvers", "Nobody is named: whoever reaches the server may approve.");
        }
        else if (!approvals.StarterMayApprove && approvals.Approvers.Count == approvals.Required)
        {
            yield return EstateFinding.Warning("approvals.approvers", "An approver who starts a run may not approve it, and then too few are left. Name one more.");
        }

        if (estate.Contacts.Count == 0 && !estate.Simulated)
        {
            yield return EstateFinding.Info("contacts", "There are no contacts: a run that is not proven healthy in time pages the plan's roles, without an address.");
        }

        if (estate.Channels.Count == 0 && !estate.Simulated)
        {
            yield return EstateFinding.Warning("channels", "There are no channels: a failed or missed backup tells nobody.");
        }

        var unheard = EstateDefaults.Classes.Where(c => estate.Channels.All(one => one.Classes.Count > 0 && !one.Classes.Contains(c))).ToArray();
        if (estate.Channels.Count > 0 && unheard.Length > 0)
        {
            yield return EstateFinding.Warning("channels", $"No channel is told about {string.Join(", ", unheard)}: the escalation of such a run reaches nobody.");
        }
    }
}
