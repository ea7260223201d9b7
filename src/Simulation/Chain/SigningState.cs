using System.Text.Json.Serialization;

namespace VirtEngine.DR.Simulation.Chain;

/// <summary>The file <c>data/priv_validator_state.json</c>: the last height, round and step (HRS) that the key signed.</summary>
public sealed record SigningState(
    [property: JsonPropertyName("height")] string Height,
    [property: JsonPropertyName("round")] int Round,
    [property: JsonPropertyName("step")] int Step,
    [property: JsonPropertyName("signature"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] byte[]? Signature = null,
    [property: JsonPropertyName("signbytes"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? SignBytes = null)
{
    /// <summary>What a key that never signed starts with.</summary>
    public static SigningState Zero { get; } = new("0", 0, 0);
}
