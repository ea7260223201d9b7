using Temporalio.Exceptions;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;

namespace VirtEngine.DR.Workflows.Backups;

/// <summary>What verification and pruning accept.</summary>
public static class UpkeepInput
{
    /// <summary>Checks a verification's input.</summary>
    /// <exception cref="ApplicationFailureException">Lists everything that is wrong.</exception>
    public static void Check(VerifyInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var mistakes = new List<string>();
        if (input.Rung is < 1 or > 4)
        {
            mistakes.Add(FormattableString.Invariant($"rung: {input.Rung} is not 1 (listed), 2 (read), 3 (restored) or 4 (opened and proven)"));
        }

        AddKind(mistakes, input.Kind);
        if (input.Backup is { Length: > 0 } && string.IsNullOrWhiteSpace(input.Node))
        {
            mistakes.Add("node: is missing; a backup's id belongs to one node");
        }

        Refuse(mistakes);
    }

    /// <summary>Checks a pruning's input.</summary>
    /// <exception cref="ApplicationFailureException">Lists everything that is wrong.</exception>
    public static void Check(PruneInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var mistakes = new List<string>();
        if (input.Kind is not null)
        {
            AddKind(mistakes, input.Kind);
        }

        Refuse(mistakes);
    }

    /// <summary>Checks what is asked about kept data.</summary>
    /// <exception cref="ApplicationFailureException">Lists everything that is wrong.</exception>
    public static void Check(KeptInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var mistakes = new List<string>();
        if (string.IsNullOrWhiteSpace(input.Node))
        {
            mistakes.Add("node: is missing; kept data is on one node's host");
        }

        if (input.WithoutProof is { } why && why.Trim().Length < 10)
        {
            mistakes.Add("withoutProof: say in a few words why this data may go although nothing newer is proven");
        }

        Refuse(mistakes);
    }

    private static void AddKind(List<string> mistakes, string kind)
    {
        if (!BackupKinds.All.Contains(kind))
        {
            mistakes.Add($"kind: \"{kind}\" is not one of {string.Join(", ", BackupKinds.All)}");
        }
    }

    private static void Refuse(List<string> mistakes)
    {
        if (mistakes.Count > 0)
        {
            throw new ApplicationFailureException(string.Join("\n", mistakes), ErrorTypes.InvalidInput, nonRetryable: true);
        }
    }
}
