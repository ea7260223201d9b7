using System.Text.Json;
using System.Text.Json.Nodes;

namespace VirtEngine.DR.Contracts.Flow;

/// <summary>Makes the input of a repair: the run's own pinned input, with the takeover in it.</summary>
public static class RepairInput
{
    /// <summary>The id of the run's repair. There is one: two people who repair the same run at once start it once.</summary>
    public static string IdOf(string holderWorkflowId, string holderFirstRunId) =>
        $"repair/{holderWorkflowId}/{holderFirstRunId[..Math.Min(8, holderFirstRunId.Length)]}";

    /// <summary>The input to start <see cref="RunHandover.Runbook"/> with.</summary>
    /// <exception cref="InvalidOperationException">The run did not say its input.</exception>
    public static JsonElement Of(Takeover takeover, string? by, string? why)
    {
        ArgumentNullException.ThrowIfNull(takeover);
        if (takeover.Run.Input is not { ValueKind: JsonValueKind.Object } pinned)
        {
            throw new InvalidOperationException($"{takeover.Run.WorkflowId} did not say its input");
        }

        var input = JsonObject.Create(pinned)!;
        input["operator"] = by;
        input["reason"] = why;
        input["triggeredAt"] = null;
        input[Takeover.Property] = JsonSerializer.SerializeToNode(takeover with { Run = takeover.Run with { Input = null, Journal = [] } }, DrDataConverter.JsonOptions);
        return JsonSerializer.SerializeToElement(input, DrDataConverter.JsonOptions);
    }
}
