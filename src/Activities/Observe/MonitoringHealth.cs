using System.Globalization;
using System.Text.Json;
using VirtEngine.DR.Activities.Chain;
using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Observe;

namespace VirtEngine.DR.Activities.Observe;

/// <summary>A Prometheus is healthy when it is ready and has a fresh sample: one that scrapes nothing any more is ready too, and its alerts are silent.</summary>
/// <param name="query">Whom.</param>
/// <param name="verdict">Collects the checks.</param>
/// <param name="ask">Asks it.</param>
internal sealed class MonitoringHealth(ProbeQuery query, HealthVerdict verdict, Func<Uri, int, CancellationToken, Task<ProbeAnswer?>> ask)
{
    /// <summary>Twice a usual scrape interval.</summary>
    private static readonly TimeSpan Freshness = TimeSpan.FromMinutes(2);

    /// <summary>A target that answers counts; of a series of somebody's own any sample does. The time is the sample's own, not that of the question.</summary>
    private string Question => query.Probe.Sample == "up" ? "max(timestamp(up) and (up == 1))" : $"max(timestamp({query.Probe.Sample}))";

    /// <summary>Makes all checks.</summary>
    public async Task<HealthReport> CheckAsync(CancellationToken token)
    {
        var root = query.Probe.Url.TrimEnd('/');
        if (await ask(new Uri(root + "/-/ready"), query.Probe.Status, token).ConfigureAwait(false) is null)
        {
            return verdict.Report();
        }

        if (await ask(new Uri($"{root}/api/v1/query?query={Uri.EscapeDataString(Question)}"), 200, token).ConfigureAwait(false) is not { } answer)
        {
            return verdict.Report();
        }

        try
        {
            var newest = JsonField.Read(answer.Body, "data.result.0.value.1");
            if (newest is null)
            {
                verdict.Note(Health.Unhealthy, $"it has no sample of {query.Probe.Sample}{(query.Probe.Sample == "up" ? " of a target that answers" : "")}: it scrapes nothing", HealthFindings.Stale);
            }
            else
            {
                ComponentHealth.CheckAge(
                    verdict, double.TryParse(newest, NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? JsonField.Time(newest) : null, query.Probe.MaxAge ?? Freshness,
                    $"its newest sample of {query.Probe.Sample}", HealthFindings.Stale, newest);
            }
        }
        catch (JsonException)
        {
            verdict.Note(Health.Unhealthy, "it does not answer a query with JSON", HealthFindings.BadAnswer);
        }

        return verdict.Report();
    }
}
