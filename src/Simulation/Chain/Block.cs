using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace VirtEngine.DR.Simulation.Chain;

/// <summary>A block: its header and its transactions.</summary>
/// <param name="ChainId">The chain.</param>
/// <param name="Height">From 1.</param>
/// <param name="Time">When it was proposed (UTC).</param>
/// <param name="LastBlockId">The hash of the block before; empty at height 1.</param>
/// <param name="AppHash">The application's hash after the block before, in upper-case hex.</param>
/// <param name="Proposer">The proposer's address.</param>
/// <param name="Txs">The transactions.</param>
public sealed record Block(string ChainId, long Height, DateTime Time, string LastBlockId, string AppHash, string Proposer, IReadOnlyList<byte[]> Txs)
{
    /// <summary>The block's hash in upper-case hex.</summary>
    [JsonIgnore]
    public string Hash => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{ChainId}|{Height}|{Time:O}|{LastBlockId}|{AppHash}|{Proposer}|{DataHash}")));

    /// <summary>The hash of the transactions in upper-case hex.</summary>
    [JsonIgnore]
    public string DataHash
    {
        get
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (var tx in Txs)
            {
                hash.AppendData(BitConverter.GetBytes(tx.Length));
                hash.AppendData(tx);
            }

            return Convert.ToHexString(hash.GetHashAndReset());
        }
    }
}
