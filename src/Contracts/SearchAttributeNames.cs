using Temporalio.Common;

namespace VirtEngine.DR.Contracts;

/// <summary>The search attributes that a run sets; registered by the control worker at its start.</summary>
public static class SearchAttributeNames
{
    /// <summary>The runbook, as in <see cref="WorkflowTypes"/>.</summary>
    public static readonly SearchAttributeKey<string> Runbook = SearchAttributeKey.CreateKeyword("DrRunbook");

    /// <summary>The incident class, D1 to D5.</summary>
    public static readonly SearchAttributeKey<string> IncidentClass = SearchAttributeKey.CreateKeyword("DrIncidentClass");

    /// <summary>What the run acts on, such as <c>node/fullnode-0</c>.</summary>
    public static readonly SearchAttributeKey<string> Target = SearchAttributeKey.CreateKeyword("DrTarget");

    /// <summary>The region of the target.</summary>
    public static readonly SearchAttributeKey<string> Region = SearchAttributeKey.CreateKeyword("DrRegion");

    /// <summary>The run's phase, see <see cref="Flow.RunPhase"/>.</summary>
    public static readonly SearchAttributeKey<string> Phase = SearchAttributeKey.CreateKeyword("DrPhase");

    /// <summary>live, practice or dryRun.</summary>
    public static readonly SearchAttributeKey<string> Mode = SearchAttributeKey.CreateKeyword("DrMode");

    /// <summary>How the run ended, see <see cref="Flow.RunOutcome"/>.</summary>
    public static readonly SearchAttributeKey<string> Outcome = SearchAttributeKey.CreateKeyword("DrOutcome");

    /// <summary>When the recovery time objective is missed (UTC).</summary>
    public static readonly SearchAttributeKey<DateTimeOffset> RtoDeadline = SearchAttributeKey.CreateDateTimeOffset("DrRtoDeadline");

    /// <summary>All of them, in a stable order.</summary>
    public static IReadOnlyList<SearchAttributeKey> All { get; } = [Runbook, IncidentClass, Target, Region, Phase, Mode, Outcome, RtoDeadline];
}
