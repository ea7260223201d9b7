using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Recovery;

namespace VirtEngine.DR.Estates.Rules;

internal static class BackupRules
{
    public static void Check(Estate estate, Problems problems, bool leaked)
    {
        var keys = estate.Backups.SigningKeys;
        Text.CheckUnique([.. keys.Select((k, i) => ($"backups.signingKeys[{i}].id", k.Id))], "signing key", problems);
        Text.CheckUnique([.. keys.Select((k, i) => ($"backups.signingKeys[{i}].publicKey", k.PublicKey))], "public key", problems);
        var nodes = estate.Nodes.Where(n => n.Name.Length > 0).Select(n => n.Name).ToList();
        for (var i = 0; i < keys.Count; i++)
        {
            CheckReferences($"backups.signingKeys[{i}].nodes", keys[i].Nodes, nodes, "a node of this estate", problems);
            CheckReferences($"backups.signingKeys[{i}].kinds", keys[i].Kinds, [.. BackupKinds.All, BackupKinds.Forensic, AnchorRules.Kind, RecoveryPlan.Kind], "a kind of backup", problems);
        }

        if (!leaked && !problems.IsBadBelow("backups.signingKeys"))
        {
            CheckSigners(estate, problems);
        }

        CheckEncryption(estate, problems);
        if (estate is { Forensics: not null, Backups.Encryption: null } && !problems.IsGiven("backups.encryption"))
        {
            problems.Add(
                "forensics.bucket", "Forensic copies hold configuration and logs and are always encrypted, but there is no encryption.",
                "Add 'backups.encryption' with 'type' and 'key', or remove 'forensics'.");
        }
    }

    /// <summary>The kinds of backups that a node gets.</summary>
    internal static IEnumerable<string> KindsOf(Estate estate, NodeSpec node)
    {
        if (node.Backup is not (BackupMethod.None or BackupMethod.External))
        {
            yield return BackupKinds.ChainState;
        }

        if (node.Kind == NodeKind.Provider && IsScheduled(estate, WorkflowTypes.BackupProviderState))
        {
            yield return BackupKinds.ProviderState;
        }

        if (estate.Backups.ConfigurationPaths.Count > 0)
        {
            yield return BackupKinds.Configuration;
        }
    }

    private static void CheckReferences(string path, IReadOnlyList<string> values, IReadOnlyList<string> known, string what, Problems problems)
    {
        for (var i = 0; i < values.Count; i++)
        {
            if (values[i].Length > 0 && values[i] != "*" && !known.Contains(values[i]))
            {
                NodeRules.NotThere($"{path}[{i}]", values[i], what + " (or '*')", known, problems);
            }
        }
    }

    private static void CheckSigners(Estate estate, Problems problems)
    {
        for (var i = 0; i < estate.Nodes.Count; i++)
        {
            var node = estate.Nodes[i];
            var without = KindsOf(estate, node).Where(kind => !estate.Backups.SigningKeys.Any(k => Signs(k, node.Name, kind))).ToList();
            if (without.Count > 0 && node.Name.Length > 0)
            {
                problems.Add(
                    $"nodes[{i}]", $"'{node.Name}' gets backups of {string.Join(", ", without)}, but no signing key may sign them.",
                    "Add one to 'backups.signingKeys' with its 'privateKeyFile', not revoked, for this node and kind: 'virtengine-dr estate init' makes a pair.");
            }
        }
    }

    private static bool Signs(SigningKeySpec key, string node, string kind) =>
        key is { RevokedAt: null, PrivateKeyFile: not null }
        && (key.Nodes.Contains("*") || key.Nodes.Contains(node))
        && (key.Kinds.Contains("*") || key.Kinds.Contains(kind));

    private static void CheckEncryption(Estate estate, Problems problems)
    {
        if (estate.Backups.Encryption is not null || problems.IsGiven("backups.encryption"))
        {
            return;
        }

        var secret = new[] { WorkflowTypes.BackupProviderState, WorkflowTypes.BackupConfiguration }.Where(w => IsScheduled(estate, w)).ToList();
        if (secret.Count > 0)
        {
            problems.Add(
                "backups.encryption", $"{string.Join(" and ", secret)} {(secret.Count == 1 ? "is" : "are")} scheduled, but there is no encryption.",
                "Provider state and configuration are always encrypted: add 'encryption' with 'type' and 'key'.");
        }
    }

    private static bool IsScheduled(Estate estate, string workflow) => estate.Backups.Schedules.Any(s => s.Workflow == workflow);
}
