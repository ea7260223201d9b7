using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Contracts.Recovery;

namespace VirtEngine.DR.Workflows.Corruption;

/// <summary>What RB-DR-004 accepts.</summary>
public static class DataCorruptionRules
{
    /// <summary>More in one run would outgrow its history, and a plan that a person can read.</summary>
    public const int MostNodes = 8;

    private static readonly TimeSpan LongestWatch = TimeSpan.FromDays(7);

    /// <summary>Everything that is wrong with the input, each with its field and what is allowed.</summary>
    public static IReadOnlyList<string> Check(DataCorruptionInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var mistakes = new List<string>();
        if (input.Nodes.Count == 0 && string.IsNullOrWhiteSpace(input.Node))
        {
            mistakes.Add("node: is missing; give the name of a node of the estate, or nodes: the names of several");
        }
        else if (input.Nodes.Count > 0)
        {
            Several(input, mistakes);
        }

        if (!CorruptionKinds.All.Contains(input.Kind))
        {
            mistakes.Add($"kind: \"{input.Kind}\" is not one of {string.Join(", ", CorruptionKinds.All)}");
        }

        if (input.Height is < 1)
        {
            mistakes.Add(FormattableString.Invariant($"height: {input.Height} is below 1; give the last height that is known to be good, or leave it out"));
        }

        if (!Recoveries.All.Contains(input.Recovery))
        {
            mistakes.Add($"recovery: \"{input.Recovery}\" is not one of {string.Join(", ", Recoveries.All)}");
        }
        else if (input.Kind == CorruptionKinds.Config && input.Recovery == Recoveries.Rollback)
        {
            mistakes.Add("recovery: a rollback is for the state, not for the configuration; leave it out, or give restore");
        }

        if (string.IsNullOrWhiteSpace(input.Backup))
        {
            mistakes.Add("backup: is empty; give newest-proven, newest, or a backup's id");
        }

        if (string.IsNullOrWhiteSpace(input.Configuration))
        {
            mistakes.Add("configuration: is empty; give newest, or a configuration backup's id");
        }

        if (input.IncidentClass != "D4")
        {
            mistakes.Add($"incidentClass: \"{input.IncidentClass}\" is not D4: a node that fails otherwise is RB-DR-001, a leaked key RB-DR-005");
        }

        if (input.Watch is { } watch && (watch < TimeSpan.Zero || watch > LongestWatch))
        {
            mistakes.Add($"watch: {watch} is not between 0 and {LongestWatch}");
        }

        if (input.Coordinated is { } plan)
        {
            Together(input, plan, mistakes);
        }

        return mistakes;
    }

    private static void Together(DataCorruptionInput input, CoordinatedSpec plan, List<string> mistakes)
    {
        if (input.Height is null)
        {
            mistakes.Add("height: is missing; a plan for the whole chain names the height whose state everybody goes back to");
        }

        if (string.IsNullOrWhiteSpace(plan.Version))
        {
            mistakes.Add("coordinated.version: is missing; with the same binary the chain comes to the same state again: give the version that everybody installs, as the application says it");
        }

        if (plan.Within <= TimeSpan.Zero || plan.Within > CoordinatedSpec.Longest)
        {
            mistakes.Add($"coordinated.within: {plan.Within} is not between 0 and {CoordinatedSpec.Longest}");
        }

        if (plan.RemindEvery < TimeSpan.FromMinutes(1))
        {
            mistakes.Add($"coordinated.remindEvery: {plan.RemindEvery} is below a minute");
        }

        if (input.Kind == CorruptionKinds.Config)
        {
            mistakes.Add("kind: config is one node's; a plan for the whole chain is for state or database");
        }

        if (input.Recovery != Recoveries.Auto)
        {
            mistakes.Add($"recovery: {input.Recovery} is one node's; a plan for the whole chain says itself what is done: leave it out");
        }
    }

    private static void Several(DataCorruptionInput input, List<string> mistakes)
    {
        if (!string.IsNullOrWhiteSpace(input.Node))
        {
            mistakes.Add("node: is given beside nodes; give one of them");
        }

        if (input.Nodes.Any(string.IsNullOrWhiteSpace))
        {
            mistakes.Add("nodes: one is empty; give names of nodes of the estate");
        }

        if (input.Nodes.GroupBy(name => name, StringComparer.Ordinal).Where(same => same.Count() > 1).Select(same => same.Key).ToArray() is { Length: > 0 } twice)
        {
            mistakes.Add($"nodes: {string.Join(", ", twice)} named twice; name each node once");
        }

        if (input.Nodes.Count > MostNodes)
        {
            mistakes.Add(FormattableString.Invariant($"nodes: {input.Nodes.Count} are more than {MostNodes}; recover those that serve first, and the others by a run of their own"));
        }

        if (input.Nodes.Count > 1 && input.Backup is not ("newest-proven" or "newest"))
        {
            mistakes.Add($"backup: {input.Backup} is one node's, and there are {input.Nodes.Count} nodes; give newest-proven or newest, or recover that node by a run of its own");
        }

        if (input.Nodes.Count > 1 && input.Configuration != "newest")
        {
            mistakes.Add($"configuration: {input.Configuration} is one node's, and there are {input.Nodes.Count} nodes; give newest, or recover that node by a run of its own");
        }
    }
}
