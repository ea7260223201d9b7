using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Estates.Reading;

namespace VirtEngine.DR.Estates.Rules;

internal static class NodeRules
{
    public static void Check(Estate estate, Problems problems)
    {
        Text.CheckUnique([.. estate.Nodes.Select((n, i) => ($"nodes[{i}].name", n.Name))], "node", problems);
        Text.CheckUnique([.. estate.Nodes.Select((n, i) => ($"nodes[{i}].rpc", n.Rpc ?? ""))], "RPC", problems);
        for (var i = 0; i < estate.Nodes.Count; i++)
        {
            CheckPlace(estate, estate.Nodes[i], $"nodes[{i}]", problems);
            CheckBackup(estate.Nodes[i], $"nodes[{i}]", problems);
        }
    }

    private static void CheckPlace(Estate estate, NodeSpec node, string path, Problems problems)
    {
        if (node.Region.Length == 0)
        {
            return;
        }

        var names = estate.Regions.Where(r => r.Name.Length > 0).Select(r => r.Name).Distinct().ToList();
        var region = estate.Regions.FirstOrDefault(r => r.Name == node.Region);
        if (region is null)
        {
            NotThere($"{path}.region", node.Region, "a region of this estate", names, problems);
        }
        else if (node.Zone is { } zone && !region.Zones.Contains(zone) && !problems.IsBad($"regions[{estate.Regions.ToList().IndexOf(region)}].zones"))
        {
            NotThere($"{path}.zone", zone, $"a zone of {region.Name}", region.Zones, problems);
        }

        if (region is { Bucket: null } && node.Backup is not (BackupMethod.None or BackupMethod.External))
        {
            problems.Add($"{path}.backup", $"The node is backed up, but its region {region.Name} has no bucket.", $"Give {region.Name} a 'bucket', or write 'backup: none'.");
        }
    }

    private static void CheckBackup(NodeSpec node, string path, Problems problems)
    {
        if (problems.IsBad($"{path}.kind") || problems.IsBad($"{path}.backup"))
        {
            return;
        }

        if (node.Kind is NodeKind.Provider or NodeKind.Gateway or NodeKind.Monitoring && node.Backup != BackupMethod.None)
        {
            problems.Add(
                $"{path}.backup", $"A {EnumNames<NodeKind>.Of(node.Kind)} has no chain state to back up.",
                "Remove 'backup'; a provider's own state is backed up by BackupProviderState.");
        }

        if (node.Database == "rocksdb" && node.Backup == BackupMethod.Frozen)
        {
            problems.Add(
                $"{path}.backup", "A frozen snapshot of RocksDB cannot be checked block by block.",
                "Allowed for rocksdb: none, stopped, stateSync, external.");
        }
    }

    internal static void NotThere(string path, string value, string what, IReadOnlyList<string> known, Problems problems)
    {
        var near = Suggestion.For(value, known);
        problems.Add(
            path, $"{Secrets.Shown(value)} is not {what}.",
            known.Count == 0 ? "There is none." : (near is null ? "" : near + " ") + "There are: " + string.Join(", ", known) + ".");
    }
}
