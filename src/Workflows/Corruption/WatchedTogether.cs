using VirtEngine.DR.Workflows.Flow;

namespace VirtEngine.DR.Workflows.Corruption;

/// <summary>Several nodes that are watched at once: the first that is healthy no more ends it.</summary>
public static class WatchedTogether
{
    /// <summary>Watches.</summary>
    /// <param name="watched">The nodes by name.</param>
    /// <param name="left">How long.</param>
    /// <param name="token">Ends it.</param>
    /// <returns>What was seen, and who relapsed.</returns>
    public static async Task<(WatchReport Report, IReadOnlyList<string> Relapsed)> UntilAsync(
        IReadOnlyList<(string Name, Func<TimeSpan, CancellationToken, Task<WatchReport>> Watch)> watched, TimeSpan left, CancellationToken token)
    {
        ArgumentNullException.ThrowIfNull(watched);
        if (watched is [var only])
        {
            var alone = await only.Watch(left, token);
            return (alone, alone.Healthy == false ? [only.Name] : []);
        }

        using var others = CancellationTokenSource.CreateLinkedTokenSource(token);
        var looks = watched.Select(one => LookAsync(one.Name, one.Watch, left, others)).ToArray();
        var seen = await Temporalio.Workflows.Workflow.WhenAllAsync(looks);
        bool? healthy = seen.Any(one => one.Report?.Healthy == false) ? false : seen.All(one => one.Report?.Healthy == true) ? true : null;
        return (
            new(healthy, string.Join("; ", seen.Where(one => one.Report is not null && (healthy != false || one.Report.Healthy == false)).Select(one => $"{one.Name}: {one.Report!.Text}"))),
            [.. seen.Where(one => one.Report?.Healthy == false).Select(one => one.Name)]);
    }

    private static async Task<(string Name, WatchReport? Report)> LookAsync(string name, Func<TimeSpan, CancellationToken, Task<WatchReport>> watch, TimeSpan left, CancellationTokenSource others)
    {
        try
        {
            var report = await watch(left, others.Token);
            if (report.Healthy == false)
            {
#pragma warning disable CA1849 // CancelAsync would leave the workflow's own scheduler.
                others.Cancel();
#pragma warning restore CA1849
            }

            return (name, report);
        }
        catch (Temporalio.Exceptions.ActivityFailureException e) when (others.IsCancellationRequested && Temporalio.Exceptions.TemporalException.IsCanceledException(e))
        {
            // Another one relapsed, or the watch is over.
            return (name, null);
        }
        catch (Temporalio.Exceptions.ActivityFailureException e)
        {
            return (name, new(null, Failure.From(e).Message));
        }
    }
}
