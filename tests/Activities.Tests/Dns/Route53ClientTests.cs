using Amazon.Runtime;
using Temporalio.Exceptions;
using VirtEngine.DR.Activities.Dns.Route53;
using VirtEngine.DR.Activities.Tests.Support;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Tests.Shared;

namespace VirtEngine.DR.Activities.Tests.Dns;

/// <summary>What moto does not do as AWS does: pages, refusals, throttling; by exact answers.</summary>
public sealed class Route53ClientTests
{
    private const string Ns = "xmlns=\"https://route53.amazonaws.com/doc/2013-04-01/\"";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Records_SeveralPages_AreFollowedUpToTheNamesEnd()
    {
        await using var server = new FaultyServer((number, _) => FaultyServer.Answer(200, number switch
        {
            1 => Page(Set("a.b.", "x"), next: ("a.b.", "A", "y z")),
            _ => Page(Set("a.b.", "y z") + Set("c.b.", "w"), next: ("d.b.", "A", "")),
        }));
        using var client = Client(server);

        var records = await client.RecordsAsync("Z1", "a.b.", only: true, Token);

        Assert.Equal(["x", "y z"], records.Select(record => Xml.Text(record, "SetIdentifier")));
        Assert.Equal(2, server.Count);
        Assert.StartsWith("GET /2013-04-01/hostedzone/Z1/rrset?identifier=y%20z&name=a.b.&type=A ", server.Requests[1], StringComparison.Ordinal);
        Assert.Contains("/us-east-1/route53/aws4_request", server.Requests[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400, "Throttling")]
    [InlineData(400, "PriorRequestNotComplete")]
    [InlineData(503, "ServiceUnavailable")]
    [InlineData(500, "InternalFailure")]
    public async Task Change_RefusedForAMoment_IsTriedAgain(int status, string code)
    {
        await using var server = new FaultyServer((number, _) => number == 1
            ? Refusal(status, code)
            : FaultyServer.Answer(200, $"<GetChangeResponse {Ns}><ChangeInfo><Id>/change/C1</Id><Status>PENDING</Status></ChangeInfo></GetChangeResponse>"));
        using var client = Client(server);

        Assert.Equal(new ChangeInfo("C1", false), await client.ChangeAsync("/change/C1", Token));

        Assert.Equal(2, server.Count);
        Assert.StartsWith("GET /2013-04-01/change/C1 ", server.Requests[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400, "PriorRequestNotComplete", ErrorTypes.Unavailable, false)]
    [InlineData(503, "ServiceUnavailable", ErrorTypes.Unavailable, false)]
    [InlineData(404, "NoSuchHostedZone", ErrorTypes.NotFound, true)]
    [InlineData(403, "AccessDenied", ErrorTypes.NotConfigured, true)]
    [InlineData(403, "SignatureDoesNotMatch", ErrorTypes.NotConfigured, true)]
    [InlineData(400, "InvalidInput", ErrorTypes.InvalidInput, true)]
    public async Task Upsert_Refused_IsClassified(int status, string code, string type, bool permanent)
    {
        await using var server = new FaultyServer((_, _) => Refusal(status, code));
        using var client = Client(server);

        var failure = await Assert.ThrowsAsync<ApplicationFailureException>(() => client.UpsertAsync("Z1", "why", [], Token));

        Assert.Equal((type, permanent), (failure.ErrorType, failure.NonRetryable));
        Assert.Contains(code, failure.Message, StringComparison.Ordinal);
        Assert.Contains("the message", failure.Message, StringComparison.Ordinal);
        Assert.Equal(permanent ? 1 : 4, server.Count);
    }

    [Fact]
    public async Task Upsert_BatchThatIsRefused_SaysEachOfItsMessages()
    {
        await using var server = new FaultyServer((_, _) => FaultyServer.Answer(
            400, $"<?xml version=\"1.0\"?>\n<InvalidChangeBatch {Ns}><Messages><Message>Tried one</Message><Message>Tried two</Message></Messages><RequestId>r</RequestId></InvalidChangeBatch>"));
        using var client = Client(server);

        var failure = await Assert.ThrowsAsync<ApplicationFailureException>(() => client.UpsertAsync("Z1", "why", [], Token));

        Assert.Equal((ErrorTypes.Conflict, true), (failure.ErrorType, failure.NonRetryable));
        Assert.Contains("InvalidChangeBatch: Tried one; Tried two", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Zones_NobodyListens_IsWorthARetry()
    {
        using var client = new Route53Client($"http://127.0.0.1:{FreePorts.One()}", new BasicAWSCredentials("a", "b"));

        var failure = await Assert.ThrowsAsync<ApplicationFailureException>(() => client.ZonesAsync("a.b.", Token));

        Assert.Equal((ErrorTypes.Unavailable, false), (failure.ErrorType, failure.NonRetryable));
        Assert.Contains("does not answer", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Change_AnswerIsNoXml_IsAFailureThatSaysWhere()
    {
        await using var server = new FaultyServer((_, _) => FaultyServer.Answer(502, "<html>Bad gateway"));
        using var client = Client(server);

        var failure = await Assert.ThrowsAsync<ApplicationFailureException>(() => client.ChangeAsync("C1", Token));

        Assert.Equal((ErrorTypes.Unavailable, false), (failure.ErrorType, failure.NonRetryable));
        Assert.Contains("502", failure.Message, StringComparison.Ordinal);
    }

    private static Route53Client Client(FaultyServer server) => new(server.Url.AbsoluteUri, new BasicAWSCredentials("a", "b"));

    private static string Refusal(int status, string code) =>
        FaultyServer.Answer(status, $"<?xml version=\"1.0\"?>\n<ErrorResponse {Ns}><Error><Type>Sender</Type><Code>{code}</Code><Message>the message</Message></Error><RequestId>r</RequestId></ErrorResponse>");

    private static string Set(string name, string identifier) =>
        $"<ResourceRecordSet><Name>{name}</Name><Type>A</Type><SetIdentifier>{identifier}</SetIdentifier><Weight>1</Weight><TTL>60</TTL></ResourceRecordSet>";

    private static string Page(string sets, (string Name, string Type, string Identifier) next) =>
        $"<ListResourceRecordSetsResponse {Ns}><ResourceRecordSets>{sets}</ResourceRecordSets><IsTruncated>true</IsTruncated>"
        + $"<NextRecordName>{next.Name}</NextRecordName><NextRecordType>{next.Type}</NextRecordType><NextRecordIdentifier>{next.Identifier}</NextRecordIdentifier></ListResourceRecordSetsResponse>";
}
