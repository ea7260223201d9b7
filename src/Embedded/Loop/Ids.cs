using System.Security.Cryptography;
using System.Text;

namespace VirtEngine.DR.Embedded.Loop;

/// <summary>
/// Where run ids and chance come from. Under a seed a run's id is a hash of the seed, the workflow's id and a count, for the SDK derives the workflow's own random
/// numbers from it.
/// </summary>
internal sealed class Ids(long? seed)
{
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>Chance for the order of things; seeded when the engine is.</summary>
    public Random Chance { get; } = seed is { } s ? new Random(unchecked((int)(s ^ (s >> 32)))) : new Random();

    /// <summary>An id that stands in events and must be the same under the same seed.</summary>
    public string NewRequestId()
    {
        Span<byte> bytes = stackalloc byte[16];
        Chance.NextBytes(bytes);
        return new Guid(bytes).ToString();
    }

    public string NewRunId(string workflowId)
    {
        if (seed is not { } known)
        {
            return Guid.CreateVersion7().ToString();
        }

        int count = _counts[workflowId] = _counts.GetValueOrDefault(workflowId) + 1;
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{known}/{workflowId}/{count}")));
        return new Guid(hash.AsSpan(0, 16)).ToString();
    }
}
