using VirtEngine.DR.Activities.Chain.CometBft;
using VirtEngine.DR.Activities.Observe;
using VirtEngine.DR.Activities.Observe.Http;
using VirtEngine.DR.Activities.Tests.Support;
using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Observe;
using VirtEngine.DR.Tests.Shared;

namespace VirtEngine.DR.Activities.Tests.Observe;

/// <summary>The monitoring probe on a real Prometheus: one that scrapes is healthy, one that is ready and scrapes nothing is not.</summary>
public sealed class PrometheusTests
{
    [Theory]
    [InlineData(true, Health.Healthy)]
    [InlineData(false, Health.Unhealthy)]
    public async Task Look_RealPrometheus_IsHealthyOnlyWhenItScrapes(bool target, Health expected)
    {
        using var folder = new TempFolder();
        var port = FreePorts.One();
        var scraped = target ? port : FreePorts.One();
        await File.WriteAllTextAsync(
            folder.File("prometheus.yml"), $"global: {{ scrape_interval: 1s }}\nscrape_configs:\n- job_name: one\n  static_configs: [{{ targets: ['127.0.0.1:{scraped}'] }}]\n", TestContext.Current.CancellationToken);
        await using var server = PeerProgram.Start(
            "prometheus", ["--config.file=" + folder.File("prometheus.yml"), "--storage.tsdb.path=" + folder.File("data"), $"--web.listen-address=127.0.0.1:{port}"]);
        using var http = new ProbeHttp();
        using var rpcs = new CometBftRpcFactory();
        var query = new ProbeQuery("m", NodeKind.Monitoring, new() { Url = $"http://127.0.0.1:{port}", MaxAge = TimeSpan.FromSeconds(20) }, "chain-1", [], 5, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(40));
        var probes = new ProbeActivities(http, rpcs);
        if (target)
        {
            Assert.Equal(expected, (await probes.AwaitHealthyAsync(query)).Health);
            Assert.Equal(expected, (await probes.LookAsync(query with { Probe = query.Probe with { Sample = "prometheus_build_info{job=\"one\"}" } })).Health);
            Assert.Equal(Health.Unhealthy, (await probes.LookAsync(query with { Probe = query.Probe with { Sample = "no_such_series" } })).Health);
            return;
        }

        var last = (await Make.FailureAsync(probes.AwaitHealthyAsync(query with { Within = TimeSpan.FromSeconds(8) }))).Details.ElementAt<HealthReport>(0);
        Assert.Equal(expected, last.Health);
        Assert.Contains("it scrapes nothing", string.Join(' ', last.Reasons), StringComparison.Ordinal);
    }
}
