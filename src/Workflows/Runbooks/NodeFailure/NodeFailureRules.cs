using Temporalio.Exceptions;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Nodes;

namespace VirtEngine.DR.Workflows.Runbooks;

/// <summary>What RB-DR-001 accepts.</summary>
public static class NodeFailureRules
{
    private static readonly TimeSpan LongestWatch = TimeSpan.FromDays(7);

    /// <summary>The kind of backup that a restore takes; a gateway and a monitoring server have only their configuration.</summary>
    public static string BackupKind(NodeKind kind) => kind switch
    {
        NodeKind.Provider => BackupKinds.ProviderState,
        NodeKind.Gateway or NodeKind.Monitoring => BackupKinds.Configuration,
        _ => BackupKinds.ChainState,
    };

    /// <summary>What proves a node of this kind.</summary>
    public static string ProofTitle(NodeKind kind) => HealthCalls.IsProbed(kind)
        ? "Prove it by its probe: what it serves is fresh and right"
        : "Prove it: the height advances, the app hash equals the references' at equal height, it has peers";

    /// <summary>A restore was asked for, and there is nothing that it could bring back.</summary>
    public static ApplicationFailureException NothingToRestore(string node) => new(
        $"The home of {node} is not lost, and it has no state that is backed up: there is nothing to restore. Single files come back by RB-DR-006 --kind configuration.",
        ErrorTypes.Conflict, nonRetryable: true);

    /// <summary>Nobody answers on the host of a node that may sign: whatever it looks like from outside, nothing is done there or elsewhere.</summary>
    public static ApplicationFailureException AbsentSigner(string node, Diagnosis now)
    {
        ArgumentNullException.ThrowIfNull(now);
        return now.Class == FailureClass.None
            ? new($"{node} looks healthy from outside, and its node worker does not answer: what may sign there is not known. Start the worker on its host.", ErrorTypes.Unavailable, nonRetryable: true)
            : new($"{node} is {now.Class}: {now.Evidence}. There is no cure here: {now.Why}", ErrorTypes.Conflict, nonRetryable: true);
    }

    /// <summary>Everything that is wrong with the input, each with its field and what is allowed.</summary>
    public static IReadOnlyList<string> Check(NodeFailureInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var mistakes = new List<string>();
        if (string.IsNullOrWhiteSpace(input.Node))
        {
            mistakes.Add("node: is missing; give the name of a node of the estate");
        }

        if (!Cures.All.Contains(input.Cure))
        {
            mistakes.Add($"cure: \"{input.Cure}\" is not one of {string.Join(", ", Cures.All)}");
        }

        if (string.IsNullOrWhiteSpace(input.Backup))
        {
            mistakes.Add("backup: is empty; give newest-proven, newest, or a backup's id");
        }

        if (string.IsNullOrWhiteSpace(input.Configuration))
        {
            mistakes.Add("configuration: is empty; give newest, or a configuration backup's id");
        }

        if (input.IncidentClass != "D1")
        {
            mistakes.Add($"incidentClass: \"{input.IncidentClass}\" is not D1: a zone is RB-DR-002, a region RB-DR-003, corrupt data of several nodes RB-DR-004");
        }

        if (input.Found is not null && !Enum.TryParse<FailureClass>(input.Found, out _))
        {
            mistakes.Add($"found: \"{input.Found}\" is not one of {string.Join(", ", Enum.GetNames<FailureClass>())}; it is written by virtengine-dr, leave it out");
        }

        if (input.Watch is { } watch && (watch < TimeSpan.Zero || watch > LongestWatch))
        {
            mistakes.Add($"watch: {watch} is not between 0 and {LongestWatch}");
        }

        return mistakes;
    }
}
