using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Estates.Reading;

namespace VirtEngine.DR.Estates.Rules;

/// <summary>Vantage points and standbys name nodes that there are, and that can be what they are named for.</summary>
internal static class ObserveRules
{
    public static void Check(Estate estate, Problems problems)
    {
        var names = estate.Nodes.Where(node => node.Name.Length > 0).Select(node => node.Name).ToList();
        for (var i = 0; i < estate.Observe.From.Count; i++)
        {
            if (estate.Observe.From[i] is { Length: > 0 } name && !names.Contains(name))
            {
                NodeRules.NotThere($"observe.from[{i}]", name, "a node of this estate", names, problems);
            }
        }

        Text.CheckUnique([.. estate.Observe.From.Select((name, i) => ($"observe.from[{i}]", name))], "vantage point", problems);
        Text.CheckUnique([.. estate.Nodes.Select((node, i) => ($"nodes[{i}].standbyFor", node.StandbyFor ?? ""))], "node's standby", problems);
        for (var i = 0; i < estate.Nodes.Count; i++)
        {
            if (estate.Nodes[i].StandbyFor is { } name && !problems.IsBad($"nodes[{i}].standbyFor"))
            {
                CheckStandby(estate, i, name, names, problems);
            }
        }
    }

    private static void CheckStandby(Estate estate, int index, string name, List<string> names, Problems problems)
    {
        var path = $"nodes[{index}].standbyFor";
        var standby = estate.Nodes[index];
        var node = estate.Nodes.FirstOrDefault(one => one.Name == name);
        if (node is null)
        {
            NodeRules.NotThere(path, name, "a node of this estate", names, problems);
            return;
        }

        if (node == standby)
        {
            problems.Add(path, "A node does not stand in for itself.", "The name of another full node.");
        }
        else if (node.Kind == NodeKind.Validator || standby.Kind == NodeKind.Validator)
        {
            problems.Add(path, "A validator's place is taken by nobody: two would sign with one key.", "Remove it; its key moves by SignerMove.");
        }
        else if (node.Kind != NodeKind.Full || standby.Kind != NodeKind.Full)
        {
            problems.Add(
                path, $"A {EnumNames<NodeKind>.Of(standby.Kind)} does not take the place of a {EnumNames<NodeKind>.Of(node.Kind)}.", "Both are of kind full.");
        }
        else if (node.StandbyFor is not null)
        {
            problems.Add(path, $"{Secrets.Shown(name)} is a standby itself.", "A full node that serves.");
        }
    }
}
