using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Temporalio.Api.Enums.V1;
using VirtEngine.DR.Contracts;
using Xunit;

namespace VirtEngine.DR.Architecture.Tests.Compose;

/// <summary><c>temporal-compose.yml</c>: well formed, pinned, and of the versions that the tests run as programs.</summary>
public sealed partial class ComposeTests
{
    private static readonly JsonObject Compose = YamlJson.Read(Repository.Read("temporal-compose.yml"));
    private static readonly JsonSchema Schema = new(JsonNode.Parse(Repository.Read("tests/Architecture.Tests/Compose/compose-spec.json"))!.AsObject());

    private static JsonObject Services => Compose["services"]!.AsObject();

    [Fact]
    public void Compose_FitsTheComposeSpecification() => Assert.Empty(Schema.Check(Compose));

    [Theory]
    [InlineData("services: { a: { image: x, ports: 7 } }", "$.services.a.ports")]
    [InlineData("services: { a: { imagee: x } }", "may not have 'imagee'")]
    [InlineData("services: { a: { image: x, depends_on: { b: { condition: ready } } } }", "$.services.a.depends_on")]
    [InlineData("services: [a]", "$.services is not object")]
    public void Check_WrongCompose_IsRefused(string yaml, string words) =>
        Assert.Contains(Schema.Check(YamlJson.Read(yaml)), w => w.Contains(words, StringComparison.Ordinal));

    [Fact]
    public void Images_ArePinnedToAVersion() =>
        Assert.All(Services, s => Assert.Matches(Pinned(), (string)s.Value!["image"]!));

    [Fact]
    public void Dependencies_AndConditionsFitTheServices() =>
        Assert.All(Services, s =>
        {
            foreach (var (name, condition) in s.Value!["depends_on"] as JsonObject ?? [])
            {
                Assert.True(Services.ContainsKey(name), $"{s.Key} depends on {name}, which does not exist");
                var needsHealth = (string)condition!["condition"]! == "service_healthy";
                Assert.Equal(needsHealth, Services[name]!["healthcheck"] is not null);
            }
        });

    [Fact]
    public void Ports_AreOnLoopbackOnly() =>
        Assert.All(
            Services.SelectMany(s => s.Value!["ports"] as JsonArray ?? []),
            p => Assert.StartsWith("127.0.0.1:", (string)p!, StringComparison.Ordinal));

    [Fact]
    public void Passwords_ComeFromTheEnvironment() =>
        Assert.All(
            Services.SelectMany(s => s.Value!["environment"] as JsonObject ?? []).Where(e => e.Key.Contains("PASSWORD", StringComparison.Ordinal) || e.Key.EndsWith("PWD", StringComparison.Ordinal)),
            e => Assert.StartsWith("${POSTGRES_PASSWORD:?", (string)e.Value!, StringComparison.Ordinal));

    [Fact]
    public void Setup_MakesTheSearchAttributesOfTheContracts()
    {
        var environment = Services["setup"]!["environment"]!;
        var keywords = ((string)environment["KEYWORDS"]!).Split(' ');
        var times = ((string)environment["DATETIMES"]!).Split(' ');

        Assert.Equal(Names(IndexedValueType.Keyword), keywords.Order());
        Assert.Equal(Names(IndexedValueType.Datetime), times.Order());
        Assert.Equal(SearchAttributeNames.All.Count, keywords.Length + times.Length);
    }

    [Fact]
    public async Task Server_IsTheVersionThatTheTestsRun()
    {
        var version = await Run("temporal-server", "--version");

        Assert.Contains(Tag("temporal", "temporalio/server"), version, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CliUiAndAdminTools_AreTheVersionsThatTheTestsRun()
    {
        var version = Version().Match(await Run("temporal", "--version"));

        Assert.True(version.Success);
        Assert.Equal(version.Groups["server"].Value, Tag("temporal", "temporalio/server"));
        Assert.Equal(version.Groups["ui"].Value, Tag("ui", "temporalio/ui"));
        var tools = Tag("schema", "temporalio/admin-tools");
        Assert.Equal(tools, Tag("setup", "temporalio/admin-tools"));
        Assert.StartsWith(version.Groups["server"].Value + "-", tools, StringComparison.Ordinal);
        Assert.EndsWith("-cli-1.5.0", tools, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Names(IndexedValueType type) => SearchAttributeNames.All.Where(a => a.ValueType == type).Select(a => a.Name).Order();

    private static string Tag(string service, string image)
    {
        var text = (string)Services[service]!["image"]!;
        Assert.StartsWith(image + ":", text, StringComparison.Ordinal);
        return text[(image.Length + 1)..];
    }

    /// <summary>Runs a program of PATH; without it the test is skipped, or fails where peers are required.</summary>
    private static async Task<string> Run(string program, params string[] arguments)
    {
        var found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(p => File.Exists(Path.Combine(p, program)));
        Assert.SkipWhen(!found && Environment.GetEnvironmentVariable("VIRTENGINE_REQUIRE_PEERS") != "1", $"{program} is not on PATH");
        Assert.True(found, $"{program} is not on PATH, and VIRTENGINE_REQUIRE_PEERS=1 wants it");
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return output;
    }

    [GeneratedRegex(@"^[a-z/-]+:\d+\.\d+(\.\d+)?(-[a-z0-9.-]+)?$")]
    private static partial Regex Pinned();

    [GeneratedRegex(@"Server (?<server>[\d.]+), UI (?<ui>[\d.]+)")]
    private static partial Regex Version();
}
