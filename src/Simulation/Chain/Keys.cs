using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace VirtEngine.DR.Simulation.Chain;

/// <summary>The file <c>config/priv_validator_key.json</c>.</summary>
/// <remarks>The platform has no Ed25519: keys and signatures have its sizes and are made by hashing. Nobody must trust them.</remarks>
public sealed record ConsensusKey(
    [property: JsonPropertyName("address")] string Address,
    [property: JsonPropertyName("pub_key")] TypedKey PubKey,
    [property: JsonPropertyName("priv_key")] TypedKey PrivKey)
{
    /// <summary>Makes a fresh key.</summary>
    public static ConsensusKey Create()
    {
        var seed = RandomNumberGenerator.GetBytes(32);
        var pub = SHA256.HashData([.. "minichain public key"u8, .. seed]);
        return new ConsensusKey(
            Convert.ToHexString(SHA256.HashData(pub)[..20]),
            new TypedKey("tendermint/PubKeyEd25519", pub),
            new TypedKey("tendermint/PrivKeyEd25519", [.. seed, .. pub]));
    }

    /// <summary>Signs a text.</summary>
    public byte[] Sign(string text) => SHA512.HashData([.. PrivKey.Value, .. Encoding.UTF8.GetBytes(text)]);
}

/// <summary>The file <c>config/node_key.json</c>.</summary>
public sealed record NodeKey([property: JsonPropertyName("priv_key")] TypedKey PrivKey)
{
    /// <summary>The p2p id: 40 lower-case hex digits.</summary>
    [JsonIgnore]
    public string Id => Convert.ToHexStringLower(SHA256.HashData(PrivKey.Value.AsSpan(32))[..20]);

    /// <summary>Makes a fresh key.</summary>
    public static NodeKey Create() => new(ConsensusKey.Create().PrivKey);
}
