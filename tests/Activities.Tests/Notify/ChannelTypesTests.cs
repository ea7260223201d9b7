using System.Text.Json.Nodes;
using VirtEngine.DR.Activities.Notify;
using VirtEngine.DR.Activities.Notify.Discord;
using VirtEngine.DR.Activities.Notify.PagerDuty;
using VirtEngine.DR.Activities.Notify.Slack;
using VirtEngine.DR.Activities.Tests.Support;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Notify;

namespace VirtEngine.DR.Activities.Tests.Notify;

/// <summary>What PagerDuty, Slack and Discord are sent, byte by byte against golden files, and what becomes of their answers.</summary>
public sealed class ChannelTypesTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly NotifyPost _post = new(TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(5));

    [Theory]
    [InlineData("pagerduty", "critical", false, "pagerduty-trigger")]
    [InlineData("pagerduty", "info", true, "pagerduty-resolve")]
    [InlineData("slack", "critical", false, "slack-critical")]
    [InlineData("slack", "info", true, "slack-resolved")]
    [InlineData("discord", "warning", false, "discord-warning")]
    public async Task Send_IsWhatTheOtherSideDocuments(string type, string severity, bool resolves, string golden)
    {
        await using var server = new FaultyServer((_, _) => FaultyServer.Answer(202, "{\"status\":\"success\"}"));

        var receipt = await SendAsync(type, server.Url, Message(severity) with { Resolves = resolves });

        Assert.True(receipt.Delivered, receipt.Detail);
        var request = Assert.Single(server.Requests);
        Assert.Contains("Idempotency-Key: RB-DR-003.eu-west-1/1/7", request, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Content-Type: application/json", request, StringComparison.OrdinalIgnoreCase);
        var expected = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Notify", "Golden", golden + ".json"), TestContext.Current.CancellationToken));
        var sent = JsonNode.Parse(Body(request));
        Assert.True(JsonNode.DeepEquals(expected, sent), $"{golden}.json differs; sent was:\n{sent}");
    }

    [Theory]
    [InlineData("pagerduty")]
    [InlineData("slack")]
    [InlineData("discord")]
    public async Task Send_Practice_SaysSoOnEveryLine(string type)
    {
        await using var server = new FaultyServer((_, _) => FaultyServer.Answer(200, "ok"));
        await SendAsync(type, server.Url, Message("warning") with { Practice = true });
        string said = Body(Assert.Single(server.Requests));
        Assert.Equal(1 + Message("warning").Details.Count, said.Split("[PRACTICE]").Length - 1);
    }

    [Fact]
    public async Task Send_TooManyRequests_WaitsAsLongAsItIsTold()
    {
        await using var server = new FaultyServer((number, _) => number == 1 ? FaultyServer.Answer(429, "slow down", "Retry-After: 1\r\n") : FaultyServer.Answer(202, ""));
        var before = TimeProvider.System.GetTimestamp();
        var receipt = await SendAsync("pagerduty", server.Url, Message("error"));
        Assert.True(receipt.Delivered, receipt.Detail);
        Assert.True(TimeProvider.System.GetElapsedTime(before) >= TimeSpan.FromMilliseconds(900), "it did not wait");
        Assert.Equal(2, server.Count);
    }

    [Fact]
    public async Task Send_Refused_SaysWhatTheOtherSideSaidAndNotTheSecret()
    {
        await using var server = new FaultyServer((_, _) => FaultyServer.Answer(400, "{\"errors\":[\"Length of 'routing_key' is incorrect\"]}"));
        var receipt = await SendAsync("pagerduty", server.Url, Message("error"));
        Assert.False(receipt.Delivered);
        Assert.Contains("Length of 'routing_key' is incorrect", receipt.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("R0UT1NG", receipt.Detail, StringComparison.Ordinal);
        Assert.Equal(1, server.Count);
    }

    [Theory]
    [InlineData(null, "cannot be read")]
    [InlineData("", "the secret alone")]
    [InlineData("one two", "the secret alone")]
    public async Task Send_SecretFileIsNotOne_IsInTheReceipt(string? content, string why)
    {
        var file = _folder.File("key");
        if (content is not null)
        {
            await File.WriteAllTextAsync(file, content, TestContext.Current.CancellationToken);
        }

        var receipt = await new PagerDutyNotifier(_post).SendAsync(new("pager", "pagerduty", "http://127.0.0.1:1", [], file), Message("error"), TestContext.Current.CancellationToken);
        Assert.False(receipt.Delivered);
        Assert.Contains(why, receipt.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_SlackAddressInAFile_IsReadEachTimeAndInNoReceipt()
    {
        await using var server = new FaultyServer((number, _) => FaultyServer.Answer(number == 1 ? 404 : 200, number == 1 ? "no_service" : "ok"));
        var file = _folder.File("slack");
        var channel = new ChannelSpec("slack", "slack", "", [], file);
        await File.WriteAllTextAsync(file, new Uri(server.Url, "services/T0/B0/SECRET1") + "\n", TestContext.Current.CancellationToken);
        var refused = await new SlackNotifier(_post).SendAsync(channel, Message("error"), TestContext.Current.CancellationToken);
        Assert.Contains("no_service", refused.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET1", refused.Detail, StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, new Uri(server.Url, "services/T0/B0/SECRET2") + "\n", TestContext.Current.CancellationToken);
        Assert.True((await new SlackNotifier(_post).SendAsync(channel, Message("error"), TestContext.Current.CancellationToken)).Delivered);
        Assert.Contains("POST /services/T0/B0/SECRET2 ", server.Requests[1], StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _post.Dispose();
        _folder.Dispose();
    }

    private async Task<NotifyReceipt> SendAsync(string type, Uri url, Notification message)
    {
        var file = _folder.File("routing-key");
        await File.WriteAllTextAsync(file, "R0UT1NG\n", TestContext.Current.CancellationToken);
        INotifier notifier = type switch { "pagerduty" => new PagerDutyNotifier(_post), "slack" => new SlackNotifier(_post), _ => new DiscordNotifier(_post) };
        Assert.Equal(type, notifier.Type);
        return await notifier.SendAsync(new(type, type, url.AbsoluteUri, [], type == "pagerduty" ? file : null), message, TestContext.Current.CancellationToken);
    }

    private static string Body(string request) => request[(request.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];

    private static Notification Message(string severity) => new(
        "RB-DR-003.eu-west-1/1/7", severity, "D3", "RB-DR-003 eu-west-1: gate <commit> waits for 2 & *more*",
        new Dictionary<string, string> { ["target"] = "region/eu-west-1", ["runbook"] = "RB-DR-003", ["run"] = "RB-DR-003.eu-west-1", ["said"] = "<!channel> @everyone\nhttps://example.org" }, [], false)
    {
        Incident = "RB-DR-003.eu-west-1",
    };
}
