using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Estates;

namespace VirtEngine.DR.Workflows.Runbooks;

/// <summary>What RB-DR-006 accepts, and what it can prove.</summary>
public static class RestoreInputRules
{
    private static readonly TimeSpan LongestWatch = TimeSpan.FromDays(7);
    private static readonly string[] Classes = ["D1", "D4"];

    /// <summary>Everything that is wrong with the input, each with its field and what is allowed.</summary>
    public static IReadOnlyList<string> Check(BackupRestoreInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var mistakes = new List<string>();
        if (string.IsNullOrWhiteSpace(input.Node))
        {
            mistakes.Add("node: is missing; give the name of a node of the estate");
        }

        if (!BackupKinds.All.Contains(input.Kind))
        {
            mistakes.Add($"kind: \"{input.Kind}\" is not one of {string.Join(", ", BackupKinds.All)}");
        }

        if (string.IsNullOrWhiteSpace(input.Backup))
        {
            mistakes.Add("backup: is empty; give newest-proven, newest, or a backup's id");
        }

        if (string.IsNullOrWhiteSpace(input.Configuration))
        {
            mistakes.Add("configuration: is empty; give newest, or a configuration backup's id");
        }

        if (input.At is not null && input.Backup is not ("newest-proven" or "newest" or "" or null))
        {
            mistakes.Add("at: a backup's id is given too; give one of both");
        }

        if (!Classes.Contains(input.IncidentClass))
        {
            mistakes.Add($"incidentClass: \"{input.IncidentClass}\" is not one of {string.Join(", ", Classes)}");
        }

        if (input.Watch is { } watch && (watch < TimeSpan.Zero || watch > LongestWatch))
        {
            mistakes.Add($"watch: {watch} is not between 0 and {LongestWatch}");
        }

        return mistakes;
    }

    /// <summary>Only chain state is ever proven by a started node: of the other kinds the newest is meant.</summary>
    public static string Selector(BackupRestoreInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Kind != BackupKinds.ChainState && input.Backup == "newest-proven" ? "newest" : input.Backup;
    }

    /// <summary>How long the node is watched: what the estate says, or less.</summary>
    public static TimeSpan WatchFor(TimeSpan? wish, NodeSlice slice)
    {
        ArgumentNullException.ThrowIfNull(slice);
        return wish is { } asked && asked < slice.Watch.Period ? asked : slice.Watch.Period;
    }

    /// <summary>Why the restored node's health cannot be proven; null when it can.</summary>
    public static string? WhyNoProof(string kind, NodeSlice slice)
    {
        ArgumentNullException.ThrowIfNull(slice);
        var node = slice.Target.Node;
        return HealthCalls.IsProbed(node.Kind) ? HealthCalls.WhyNotLook(node)
            : kind == BackupKinds.ProviderState ? $"{node.Name} is of kind {node.Kind}: whether its provider state is used cannot be seen"
            : HealthCalls.WhyNotLook(node) is { } why ? why
            : slice.References.Count == 0 ? "not configured: no other node's RPC to compare with" : null;
    }
}
