using System.Text.Json.Serialization;

namespace VirtEngine.DR.Simulation.Chain;

/// <summary>The file <c>config/genesis.json</c>, in the shape of CometBFT's.</summary>
public sealed record Genesis(
    [property: JsonPropertyName("genesis_time")] DateTime Time,
    [property: JsonPropertyName("chain_id")] string ChainId,
    [property: JsonPropertyName("initial_height")] string InitialHeight,
    [property: JsonPropertyName("validators")] IReadOnlyList<GenesisValidator> Validators,
    [property: JsonPropertyName("app_hash")] string AppHash,
    [property: JsonPropertyName("app_state")] AppState AppState)
{
    /// <summary>The sum of all voting power.</summary>
    [JsonIgnore]
    public long Power => Validators.Sum(validator => long.Parse(validator.Power, System.Globalization.CultureInfo.InvariantCulture));
}

/// <summary>A validator in the genesis.</summary>
public sealed record GenesisValidator(
    [property: JsonPropertyName("address")] string Address,
    [property: JsonPropertyName("pub_key")] TypedKey PubKey,
    [property: JsonPropertyName("power")] string Power,
    [property: JsonPropertyName("name")] string Name);

/// <summary>A key with its type, as CometBFT writes it.</summary>
public sealed record TypedKey([property: JsonPropertyName("type")] string Type, [property: JsonPropertyName("value")] byte[] Value);

/// <summary>The application's first state: so many accounts, made from a seed; and what each block does to them.</summary>
/// <param name="Accounts">How many.</param>
/// <param name="WritesPerBlock">Accounts that each block changes.</param>
public sealed record AppState(
    [property: JsonPropertyName("accounts")] int Accounts, [property: JsonPropertyName("writes_per_block")] int WritesPerBlock);
