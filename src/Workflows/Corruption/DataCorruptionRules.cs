using VirtEngine.DR.Contracts.Nodes;

namespace VirtEngine.DR.Workflows.Corruption;

/// <summary>What RB-DR-004 accepts.</summary>
public static class DataCorruptionRules
{
    private static readonly TimeSpan LongestWatch = TimeSpan.FromDays(7);

    /// <summary>Everything that is wrong with the input, each with its field and what is allowed.</summary>
    public static IReadOnlyList<string> Check(DataCorruptionInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var mistakes = new List<string>();
        if (string.IsNullOrWhiteSpace(input.Node))
        {
            mistakes.Add("node: is missing; give the name of a node of the estate");
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

        return mistakes;
    }
}
