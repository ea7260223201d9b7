using VirtEngine.DR.Activities.Notify;
using VirtEngine.DR.Activities.Notify.Webhook;
using VirtEngine.DR.Activities.Tests.Support;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Notify;
using VirtEngine.DR.Tests.Shared;

namespace VirtEngine.DR.Activities.Tests.Notify;

public sealed class NotifyActivitiesTests
{
    [Fact]
    public async Task Send_ServerComesBack_IsDeliveredWithOneKey()
    {
        await using var server = new FaultyServer((number, _) => FaultyServer.Answer(number < 3 ? 503 : 200, ""));
        var activities = Activities();
        var receipt = Assert.Single(await activities.SendAsync(Message(server.Url)));
        Assert.True(receipt.Delivered, receipt.Detail);
        Assert.Equal(3, server.Count);
        Assert.All(server.Requests, request => Assert.Contains("Idempotency-Key: run-1/parked", request, StringComparison.OrdinalIgnoreCase));
        Assert.True(Assert.Single(await activities.SendAsync(Message(server.Url))).Delivered);
        Assert.Equal(3, server.Count);
    }

    [Fact]
    public async Task Send_Refused_IsInTheReceiptAndNotTriedAgain()
    {
        await using var server = new FaultyServer((_, _) => FaultyServer.Answer(401, ""));
        var receipt = Assert.Single(await Activities().SendAsync(Message(server.Url)));
        Assert.False(receipt.Delivered);
        Assert.Contains("401", receipt.Detail, StringComparison.Ordinal);
        Assert.Equal(1, server.Count);
    }

    [Fact]
    public async Task Send_OneChannelDead_TheOtherIsTold()
    {
        await using var server = new FaultyServer((_, _) => FaultyServer.Answer(200, ""));
        var message = Message(server.Url);
        message = message with { Channels = [new ChannelSpec("dead", "webhook", $"http://127.0.0.1:{FreePorts.One()}/", []), .. message.Channels, new ChannelSpec("odd", "pigeon", "", [])] };
        var receipts = await Activities().SendAsync(message);
        Assert.Equal([false, true, false], receipts.Select(receipt => receipt.Delivered));
    }

    [Fact]
    public async Task Send_OtherClass_IsNotTold()
    {
        await using var server = new FaultyServer((_, _) => FaultyServer.Answer(200, ""));
        var message = Message(server.Url);
        Assert.Empty(await Activities().SendAsync(message with { Channels = [message.Channels[0] with { Classes = ["D5"] }] }));
        Assert.Equal(0, server.Count);
    }

    [Fact]
    public async Task Send_Practice_SaysSoOnEveryLine()
    {
        await using var server = new FaultyServer((_, _) => FaultyServer.Answer(200, ""));
        await Activities().SendAsync(Message(server.Url) with { Practice = true });
        Assert.Contains("\"summary\":\"[PRACTICE]", server.Requests[0], StringComparison.Ordinal);
        Assert.Contains("\"why\":\"[PRACTICE]", server.Requests[0], StringComparison.Ordinal);
    }

    private static NotifyActivities Activities() => new([new WebhookNotifier(new NotifyPost(TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(5)))]);

    private static Notification Message(Uri url) => new(
        "run-1/parked", "error", "D1", "it \"quotes \"and breaks\n", new Dictionary<string, string> { ["why"] = "because" }, [new ChannelSpec("hook", "webhook", url.AbsoluteUri, [])], false);
}
