using Temporalio.Exceptions;
using VirtEngine.DR.Activities.Dns;
using VirtEngine.DR.Activities.ObjectStore;
using VirtEngine.DR.Activities.Tests.Support;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Dns;

namespace VirtEngine.DR.Activities.Tests.Dns;

/// <summary>Preparing a switch takes nobody out: what would is refused, and nothing is changed then.</summary>
public sealed class DnsPreparerTests : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly FaultyServer _bucket;
    private readonly DnsSwitchBoard _board = new(new ObjectStoreFactory());
    private readonly DnsTarget _target;
    private readonly SimulatedZone _zone;
    private int _status = 404;

    public DnsPreparerTests()
    {
        _bucket = new((_, _) => FaultyServer.Answer(_status, ""));
        _target = DnsTargets.Of(switches: _folder.Path, switchUrl: _bucket.Url.AbsoluteUri);
        _zone = new(_target);
        Put(DnsTargets.East);
        Put(DnsTargets.West);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private DnsPreparer Preparer => new(_zone, _board, _target);

    [Theory]
    [InlineData(404)]
    [InlineData(403)]
    public async Task Apply_SwitchIsNotThrown_GivesOnlyTheRegionsRecordsTheCheckAndIsDoneThen(int status)
    {
        _status = status;
        DnsPreparation plan = Assert.Single(await Preparer.PlanAsync(Token));
        Assert.Equal((true, null), (plan.Open, plan.Check));
        Assert.Null(Assert.Single((await _zone.LookAsync(Token)).Records, record => record.Region == DnsTargets.East).Check);

        await Preparer.ApplyAsync([plan], Token);

        DnsObservation now = await _zone.LookAsync(Token);
        Assert.Equal([null, now.Checks[0].Id], now.Records.Select(record => record.Check));
        DnsPreparation done = Assert.Single(await Preparer.PlanAsync(Token));
        Assert.False(done.Open);
        Assert.Empty(done.Problems);
    }

    [Fact]
    public async Task Plan_SwitchIsThrown_IsRefused()
    {
        await _board.ThrowAsync(_target.Dns.Switches[0], "ann", Token);

        await RefusedAsync("the switch is thrown, by ann");
    }

    [Fact]
    public async Task Plan_SomethingElseAnswersAtItsUrl_IsRefused()
    {
        _status = 200;

        await RefusedAsync("answers all the same");
    }

    [Fact]
    public async Task Plan_RecordHasAnotherCheck_IsRefusedAndTheCheckStays()
    {
        Put(DnsTargets.East, "of-the-application");

        await RefusedAsync("has the health check of-the-application already");
        Assert.Contains((await _zone.LookAsync(Token)).Records, record => record.Check == "of-the-application");
    }

    public async ValueTask DisposeAsync()
    {
        await _bucket.DisposeAsync();
        _folder.Dispose();
    }

    private async Task RefusedAsync(string part)
    {
        IReadOnlyList<DnsPreparation> plans = await Preparer.PlanAsync(Token);
        Assert.Contains(part, Assert.Single(Assert.Single(plans).Problems), StringComparison.Ordinal);
        var refused = await Assert.ThrowsAsync<ApplicationFailureException>(() => Preparer.ApplyAsync(plans, Token));
        Assert.Equal(ErrorTypes.Conflict, refused.ErrorType);
        Assert.Empty((await _zone.LookAsync(Token)).Checks);
    }

    private void Put(string region, string? check = null) => _zone.Put(DnsTargets.Weighted(DnsTargets.Rpc, region, 0, "127.0.0.1", check) with { Weight = null, Routing = DnsRouting.Latency });
}
