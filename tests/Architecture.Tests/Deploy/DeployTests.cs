using System.Diagnostics;
using System.Text.RegularExpressions;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace VirtEngine.DR.Architecture.Tests.Deploy;

/// <summary>What is deployed is what exists: metrics that the worker has, files that are there, units that systemd takes.</summary>
public sealed partial class DeployTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("deploy/prometheus/rules.yaml")]
    [InlineData("deploy/grafana/virtengine-dr.json")]
    public void Metrics_OfRulesAndDashboards_AreMadeByTheWorker(string file)
    {
        var made = Made().ToHashSet(StringComparer.Ordinal);
        var used = Metric().Matches(Repository.Read(file)).Select(m => m.Value).Distinct().ToList();

        Assert.NotEmpty(used);
        Assert.All(used, name => Assert.Contains(name, made));
    }

    [Fact]
    public void Yaml_OfAllFiles_IsRead()
    {
        foreach (var file in Repository.Files("*.yaml", "deploy"))
        {
            var yaml = new YamlStream();
            using var text = new StringReader(Repository.Read(file));
            yaml.Load(text);
            Assert.True(yaml.Documents.Count > 0, file);
        }
    }

    [Fact]
    public void Kustomization_ItsFiles_AreThere()
    {
        var yaml = new YamlStream();
        using var text = new StringReader(Repository.Read("deploy/kubernetes/base/kustomization.yaml"));
        yaml.Load(text);
        var root = (YamlMappingNode)yaml.Documents[0].RootNode;
        var files = ((YamlSequenceNode)root["resources"]).Select(n => ((YamlScalarNode)n).Value!);
        Assert.All(files, file => Assert.True(File.Exists(Path.Combine(Repository.Root, "deploy/kubernetes/base", file)), file));
    }

    [Fact]
    public async Task Kustomization_Rendered_ByKubectl() => await PassesAsync("kubectl", "kustomize", "deploy/kubernetes/base");

    [Fact]
    public async Task Rules_Checked_ByPromtool() => await PassesAsync("promtool", "check", "rules", "deploy/prometheus/rules.yaml");

    [Fact]
    public async Task Scrape_Checked_ByPromtool() => await PassesAsync("promtool", "check", "config", "--syntax-only", "deploy/prometheus/scrape.yaml");

    [Fact]
    public void Units_KillOnlyTheWorker_WhereAGuardMustOutliveIt()
    {
        var unit = Repository.Read("deploy/systemd/virtengine-dr-node@.service");
        Assert.Contains("\nKillMode=process\n", unit, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Units_Checked_BySystemd()
    {
        // systemd wants the program and the user to exist: a copy of the unit names what every machine has.
        var folder = Directory.CreateTempSubdirectory("dr-units-");
        try
        {
            foreach (var file in Repository.Files("*.service", "deploy/systemd"))
            {
                var unit = Repository.Read(file).Replace("/opt/virtengine-dr/virtengine-dr", "/bin/true", StringComparison.Ordinal);
                var copy = Path.Combine(folder.FullName, Path.GetFileName(file).Replace("@.", "@node-0.", StringComparison.Ordinal));
                await File.WriteAllTextAsync(copy, User().Replace(unit, "User=root"), Token);
                await PassesAsync("systemd-analyze", "verify", "--man=no", copy);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The names as Prometheus sees them: with the unit, and with what the kind of instrument adds.</summary>
    private static IEnumerable<string> Made()
    {
        foreach (Match made in Instrument().Matches(Repository.Read("src/Worker/Telemetry/WorkerMetrics.cs")))
        {
            var unit = made.Groups["unit"].Value switch { "s" => "_seconds", "By" => "_bytes", _ => string.Empty };
            var name = made.Groups["name"].Value + unit;
            foreach (var suffix in made.Groups["kind"].Value switch { "Counter" => ["_total"], "Histogram" => ["_bucket", "_sum", "_count"], _ => (string[])[""] })
            {
                yield return name + suffix;
            }
        }
    }

    private static async Task PassesAsync(string program, params string[] arguments)
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(':').Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
        Assert.SkipWhen(path is null, $"{program} is not on PATH");
        using var process = Process.Start(new ProcessStartInfo(path, arguments) { WorkingDirectory = Repository.Root, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync(Token);
        await process.StandardOutput.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {await errors}");
    }

    [GeneratedRegex(@"\bvirtengine_dr_[a-z_]+")]
    private static partial Regex Metric();

    [GeneratedRegex(@"Create(?<kind>Counter|Histogram|Gauge)<\w+>\(""(?<name>\w+)"", (unit: null|""(?<unit>\w+)"")")]
    private static partial Regex Instrument();

    [GeneratedRegex(@"(?m)^User=.*$")]
    private static partial Regex User();
}
