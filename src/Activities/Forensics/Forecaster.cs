using VirtEngine.DR.Activities.Backups;
using VirtEngine.DR.Activities.Nodes;
using VirtEngine.DR.Backups;
using VirtEngine.DR.Backups.Evidence;
using VirtEngine.DR.Backups.Storage;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Forensics;

namespace VirtEngine.DR.Activities.Forensics;

/// <summary>Says what a forensic copy would be, before anybody decides.</summary>
/// <param name="preserver">Knows what is in the way.</param>
/// <param name="repositories">Opens the bucket.</param>
public sealed class Forecaster(Preserver preserver, RepositoryAccess repositories)
{
    /// <summary>What a stopped node's disk and a bucket in the region gave on a small machine; a first copy is slower rather than faster.</summary>
    private const double Assumed = 40 << 20;

    internal async Task<ForensicForecast> ForecastAsync(ForensicAct act, NodeHome home, CancellationToken token)
    {
        var bucket = ForensicBucket.Of(act.Slice);
        var problems = new List<string>();
        if (await preserver.ProblemAsync(act, token).ConfigureAwait(false) is { } problem)
        {
            problems.Add(problem.Message);
        }

        problems.AddRange(await BucketProblemsAsync(bucket, token).ConfigureAwait(false));
        if (!Directory.Exists(home.Path))
        {
            return new ForensicForecast { Problems = problems, Files = 0, Bytes = 0, WriteOnce = false, Duration = TimeSpan.Zero, RateFrom = "nothing to copy", LeftOut = [] };
        }

        var found = await Task.Run(() => EvidenceSnapshot.Forecast(Preserver.Request(act, home, []), token), token).ConfigureAwait(false);
        var bytes = found.Files.Sum(file => file.Size);
        var (rate, from) = Rate(home, act.Slice.Backups.RateLimit);
        var writeOnce = bucket is not null && ForensicBucket.IsWriteOnce(bucket);
        return new ForensicForecast
        {
            Problems = problems,
            Files = found.Files.Count,
            Bytes = bytes,
            Bucket = bucket?.Url,
            Region = bucket?.Region,
            WriteOnce = writeOnce,
            LockedUntil = writeOnce ? DateTimeOffset.UtcNow + bucket!.Lock : null,
            Duration = TimeSpan.FromSeconds(Math.Ceiling(bytes / rate) + 1),
            RateFrom = from,
            LeftOut = Preserver.Bounded(found.LeftOut),
        };
    }

    private async Task<IReadOnlyList<string>> BucketProblemsAsync(BucketSpec? bucket, CancellationToken token)
    {
        if (bucket is null)
        {
            return ["the estate has no bucket for forensic copies: set forensics.bucket, or the bucket of a region"];
        }

        try
        {
            return await repositories.Store(bucket).PolicyProblemsAsync(token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ObjectStoreException or IOException)
        {
            return [$"'{bucket.Url}' does not answer: {e.Message}"];
        }
    }

    private static (double Rate, string From) Rate(NodeHome home, long limit)
    {
        var measured = Preserver.Record(home, firstRunId: null)?.BytesPerSecond ?? 0;
        var (rate, from) = measured > 0 ? (measured, "measured at the last copy from this host") : (Assumed, "assumed: 40 MiB/s, for none was made from this host yet");
        return limit > 0 && limit < rate ? (limit, "the estate's backups.rateLimit") : (rate, from);
    }
}
