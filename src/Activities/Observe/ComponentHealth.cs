using System.Globalization;
using System.Text.Json;
using VirtEngine.DR.Activities.Chain;
using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Observe;

namespace VirtEngine.DR.Activities.Observe;

/// <summary>Judges a provider daemon, an API gateway or a monitoring server: that something answers is not enough for any of them.</summary>
/// <param name="http">Asks it.</param>
/// <param name="rpcs">Asks the references of a gateway.</param>
/// <param name="query">Whom, and how.</param>
internal sealed class ComponentHealth(IProbeHttp http, IChainRpcFactory rpcs, ProbeQuery query)
{
    private readonly HealthVerdict _verdict = new();

    private ProbeSpec Probe => query.Probe;

    /// <summary>Makes all checks of the kind.</summary>
    public async Task<HealthReport> CheckAsync(CancellationToken token)
    {
        if (Probe.Insecure)
        {
            _verdict.Remark("ITS CERTIFICATE IS NOT CHECKED (insecure: true): anybody may have answered");
        }

        return query.Kind switch
        {
            NodeKind.Gateway => await new GatewayHealth(rpcs, query, _verdict, AskAsync).CheckAsync(token).ConfigureAwait(false),
            NodeKind.Monitoring => await new MonitoringHealth(query, _verdict, AskAsync).CheckAsync(token).ConfigureAwait(false),
            _ => await CheckAnswerAsync(token).ConfigureAwait(false),
        };
    }

    private async Task<HealthReport> CheckAnswerAsync(CancellationToken token)
    {
        if (await AskAsync(new Uri(Probe.Url), Probe.Status, token).ConfigureAwait(false) is { } answer && Probe.Field is { } field)
        {
            CheckField(answer, field);
        }

        return _verdict.Report();
    }

    private void CheckField(ProbeAnswer answer, string field)
    {
        string? value;
        try
        {
            value = JsonField.Read(answer.Body, field);
        }
        catch (JsonException)
        {
            _verdict.Note(Health.Unhealthy, $"{Probe.Url} does not answer with JSON: it has no field {field}", HealthFindings.BadAnswer);
            return;
        }

        if (value is null)
        {
            _verdict.Note(Health.Unhealthy, $"its answer has no field {field}", HealthFindings.BadAnswer);
        }
        else if (Probe.Value is { } wanted)
        {
            _verdict.Judge(value == wanted, $"{field} is {value}", $"{field} is {Cut(value)}, not {wanted}", HealthFindings.BadAnswer);
        }
        else if (Probe.MaxAge is { } allowed)
        {
            CheckAge(_verdict, JsonField.Time(value), allowed, field, HealthFindings.Stale, Cut(value));
        }
        else
        {
            _verdict.Note(Health.Healthy, $"{field} is {Cut(value)}");
        }
    }

    /// <summary>A time must be recent; one in the future says that a clock is wrong, and then nothing is known.</summary>
    internal static void CheckAge(HealthVerdict verdict, DateTimeOffset? time, TimeSpan allowed, string what, string finding, string shown)
    {
        if (time is not { } at)
        {
            verdict.Note(Health.Unhealthy, $"{what} is {shown}, which is no time", HealthFindings.BadAnswer);
            return;
        }

        var age = DateTimeOffset.UtcNow - at;
        if (age < -allowed)
        {
            verdict.Note(Health.Unknown, $"{what} is {-age.TotalSeconds:0} s in the future: a clock is wrong");
            return;
        }

        verdict.Judge(
            age <= allowed,
            $"{what} is {Math.Max(0, age.TotalSeconds).ToString("0.0", CultureInfo.InvariantCulture)} s old",
            $"{what} is {age.TotalSeconds:0} s old, allowed are {allowed.TotalSeconds:0} s",
            finding);
    }

    /// <summary>The answer where it came with the right status; what else came is noted.</summary>
    private async Task<ProbeAnswer?> AskAsync(Uri url, int status, CancellationToken token)
    {
        try
        {
            var answer = await http.GetAsync(url, Probe, token).ConfigureAwait(false);
            _verdict.Judge(answer.Status == status, $"{url} answers {answer.Status}", $"{url} answers {answer.Status}, not {status}", HealthFindings.BadAnswer);
            return answer.Status == status ? answer : null;
        }
        catch (ProbeException e)
        {
            _verdict.Note(Health.Unknown, $"{query.Node}: {e.Message}", e.Untrusted ? HealthFindings.Untrusted : HealthFindings.Silent);
            return null;
        }
    }

    private static string Cut(string value) => value.Length > 80 ? value[..80] + "…" : value;
}
