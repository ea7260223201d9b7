using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using VirtEngine.DR.Starter.Tests.Support;
using VirtEngine.DR.Tests.Shared;
using Xunit;

namespace VirtEngine.DR.Starter.Tests.Dns;

/// <summary><c>dns show|check|prepare</c>, the program as a process, against a real server that speaks Route 53's API.</summary>
public sealed class DnsCommandTests : IDisposable
{
    private readonly ScratchFolder folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ShowCheckPrepare_LatencyRecords_ArePreparedOnceAndReadyThen()
    {
        var port = FreePorts.One();
        await using var moto = ChildProgram.Start(RequiredProgram.Find("moto-server"), ["-H", "127.0.0.1", "-p", $"{port}"]);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("AWS4-HMAC-SHA256", "Credential=test/20300101/us-east-1/route53/aws4_request, SignedHeaders=host, Signature=0");
        await Eventually.TrueAsync("moto-server answers", TimeSpan.FromSeconds(120), async () => (await http.GetAsync("moto-api/", Token)).IsSuccessStatusCode, Token);
        await MakeAsync(http);
        Directory.CreateDirectory(folder["switch"]);
        var estate = SmallEstate.Write(folder.Path, $$"""

            dns:
              zone: example.org
              endpoint: http://127.0.0.1:{{port}}
              names: [{ name: rpc.example.org }]
              switches:
                - { region: region-a, url: "http://127.0.0.1:{{FreePorts.One()}}/region-a", bucket: { url: "file://{{folder["switch"]}}", region: region-b } }
            """.Replace("\n            ", "\n", StringComparison.Ordinal));

        var (code, before) = await RunAsync("dns", "check", "--estate", estate, "-o", "json");
        Assert.Equal((1, false), (code, before["ready"]!.GetValue<bool>()));
        Assert.Contains("'region-a' has no health check", Texts(before), StringComparison.Ordinal);

        (code, var dry) = await RunAsync("dns", "prepare", "--estate", estate, "-o", "json");
        Assert.Equal((0, true, false), (code, dry["switches"]![0]!["open"]!.GetValue<bool>(), dry["applied"]!.GetValue<bool>()));
        Assert.Equal("rpc.example.org A 'region-a'", dry["switches"]![0]!["records"]![0]!.GetValue<string>());
        (code, var done) = await RunAsync("dns", "prepare", "--apply", "--yes", "--estate", estate, "-o", "json");
        Assert.Equal((0, false, true), (code, done["switches"]![0]!["open"]!.GetValue<bool>(), done["applied"]!.GetValue<bool>()));
        (code, var shown) = await RunAsync("dns", "show", "--estate", estate, "-o", "json");
        Assert.Equal(0, code);
        Assert.Equal(
            [("region-a", "latency", true), ("region-b", "latency", false)],
            shown["records"]!.AsArray().Select(one => (one!["region"]!.GetValue<string>(), one["routing"]!.GetValue<string>(), one["check"] is not null)));
        Assert.Equal("region-a", shown["checks"]![0]!["switch"]!.GetValue<string>());

        await File.WriteAllTextAsync(Path.Combine(folder["switch"], "region-a"), """{"by":"ann","at":"2026-01-02T03:04:05Z"}""", Token);
        (code, var thrown) = await RunAsync("dns", "check", "--estate", estate, "-o", "json");
        Assert.Equal(1, code);
        Assert.Contains("the switch of region-a is thrown, by ann", Texts(thrown), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_NoSectionOrNobodyAnswers_EndsWithTwoOrFive()
    {
        var io = new TestIo();
        Assert.Equal(ExitCodes.Usage, await io.RunAsync("dns", "show", "--estate", SmallEstate.Write(folder.Path)));
        Assert.Contains("no section 'dns'", io.Error, StringComparison.Ordinal);

        var path = SmallEstate.Write(folder.Path, $"\ndns: {{ zone: example.org, endpoint: 'http://127.0.0.1:{FreePorts.One()}', names: [{{ name: rpc.example.org }}] }}\n");
        Assert.Equal(5, (await ProgramAsync("dns", "show", "--estate", path)).Code);
    }

    public void Dispose() => folder.Dispose();

    private static string Texts(JsonNode report) => string.Join('\n', report["findings"]!.AsArray().Select(finding => finding!["text"]!.GetValue<string>()));

    /// <summary>A hosted zone with a latency record for each region.</summary>
    private static async Task MakeAsync(HttpClient http)
    {
        const string Ns = "xmlns=\"https://route53.amazonaws.com/doc/2013-04-01/\"";
        var made = await PostAsync(http, "2013-04-01/hostedzone", $"<CreateHostedZoneRequest {Ns}><Name>example.org</Name><CallerReference>a</CallerReference></CreateHostedZoneRequest>");
        var id = made.Split("/hostedzone/")[1].Split('<')[0];
        var changes = string.Concat(new[] { ("region-a", "us-east-1", "127.0.0.1"), ("region-b", "eu-west-1", "127.0.0.2") }.Select(one =>
            $"<Change><Action>UPSERT</Action><ResourceRecordSet><Name>rpc.example.org</Name><Type>A</Type><SetIdentifier>{one.Item1}</SetIdentifier><Region>{one.Item2}</Region><TTL>60</TTL>"
            + $"<ResourceRecords><ResourceRecord><Value>{one.Item3}</Value></ResourceRecord></ResourceRecords></ResourceRecordSet></Change>"));
        await PostAsync(http, $"2013-04-01/hostedzone/{id}/rrset/", $"<ChangeResourceRecordSetsRequest {Ns}><ChangeBatch><Changes>{changes}</Changes></ChangeBatch></ChangeResourceRecordSetsRequest>");
    }

    private static async Task<string> PostAsync(HttpClient http, string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/xml");
        using var answer = await http.PostAsync(path, content, Token);
        var text = await answer.Content.ReadAsStringAsync(Token);
        Assert.True(answer.IsSuccessStatusCode, text);
        return text;
    }

    private static async Task<(int Code, JsonNode Json)> RunAsync(params string[] arguments)
    {
        var (code, output) = await ProgramAsync(arguments);
        return (code, output.StartsWith('{') ? JsonNode.Parse(output)! : throw new InvalidOperationException(output));
    }

    private static async Task<(int Code, string Output)> ProgramAsync(params string[] arguments)
    {
        await using var program = ChildProgram.Start(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, "virtengine-dr.dll"), .. arguments],
            new Dictionary<string, string> { ["AWS_ACCESS_KEY_ID"] = "test", ["AWS_SECRET_ACCESS_KEY"] = "testtest", ["AWS_EC2_METADATA_DISABLED"] = "true" });
        var code = await program.WaitAsync(Token);
        return (code, program.Output);
    }
}
