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

    /// <summary>Whether a run of this id exists.</summary>
    public Func<string, bool> Taken { get; set; } = _ => false;

    /// <summary>An id that stands in events and must be the same under the same seed.</summary>
    public string NewRequestId(Run run, long scheduledEventId, int attempt) => seed is not { } known ? Guid.NewGuid().ToString()
        : Hash(FormattableString.Invariant($"{known}/{run.State.RunId}/{scheduledEventId}/{attempt}"));

    public string NewRunId(string workflowId)
    {
        if (seed is not { } known)
        {
            return Guid.CreateVersion7().ToString();
        }

        string id;
        do
        {
            // After a restart the count begins anew, and goes on where the runs in the file end.
            int count = _counts[workflowId] = _counts.GetValueOrDefault(workflowId) + 1;
            id = Hash(FormattableString.Invariant($"{known}/{workflowId}/{count}"));
        }
        while (Taken(id));
        return id;
    }

    private static string Hash(string text) => new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16)).ToString();
}
