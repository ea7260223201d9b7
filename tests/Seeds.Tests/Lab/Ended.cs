using System.Text.Json;
using Temporalio.Api.Enums.V1;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Seeds.Tests.Lab;

/// <summary>One run at the end.</summary>
/// <param name="WorkflowId">Its workflow id.</param>
/// <param name="RunId">Its run id.</param>
/// <param name="Type">Its workflow type.</param>
/// <param name="Status">How it ended, or that it is still running.</param>
public sealed record Ended(string WorkflowId, string RunId, string Type, WorkflowExecutionStatus Status)
{
    /// <summary>A runbook's last state.</summary>
    public RunState? State { get; init; }

    /// <summary>Its failure.</summary>
    public string? Failure { get; init; }

    /// <summary>The type of its failure.</summary>
    public string? FailureType { get; init; }

    /// <summary>Its result, where it is not a runbook's.</summary>
    public JsonElement? Result { get; init; }

    /// <summary>Its result as what it is; null where it has none.</summary>
    public T? ResultAs<T>()
        where T : class => Result?.Deserialize<T>(DrDataConverter.JsonOptions);

    /// <summary>When it closed, in virtual time.</summary>
    public DateTime? ClosedAt { get; init; }

    /// <summary>Its history, one line an event; empty where nobody asked for it.</summary>
    public IReadOnlyList<string> History { get; init; } = [];
}
