using System.Collections.Concurrent;

namespace VirtEngine.DR.Bench.Engine;

/// <summary>How long each run took.</summary>
internal sealed class Figures
{
    private readonly ConcurrentBag<double> results = [];
    private readonly ConcurrentBag<double> firstTasks = [];

    /// <summary>How long all took together.</summary>
    public TimeSpan Elapsed { get; set; }

    /// <summary>Adds a run.</summary>
    public void Add(TimeSpan result, TimeSpan firstTask)
    {
        results.Add(result.TotalMilliseconds);
        firstTasks.Add(firstTask.TotalMilliseconds);
    }

    /// <summary>From asking to start until the result, in milliseconds.</summary>
    public double Result(double share) => Percentile(results, share);

    /// <summary>From asking to start until the workflow's first line, in milliseconds.</summary>
    public double FirstTask(double share) => Percentile(firstTasks, share);

    /// <summary>The value that a share of all does not exceed.</summary>
    public static double Percentile(IEnumerable<double> values, double share)
    {
        double[] sorted = [.. values.Order()];
        return sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))];
    }
}
