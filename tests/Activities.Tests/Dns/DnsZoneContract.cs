using Temporalio.Exceptions;
using VirtEngine.DR.Activities.Dns;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Dns;

namespace VirtEngine.DR.Activities.Tests.Dns;

/// <summary>What every zone does, the simulated one and Route 53's.</summary>
public abstract class DnsZoneContract
{
    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Look_WeightedRecords_AreThereInOrderWithTheirRegions()
    {
        IDnsZone zone = await ThreeRegionsAsync();

        DnsObservation now = await zone.LookAsync(Token);

        Assert.Equal(
            [
                (DnsTargets.Rpc, DnsTargets.South, DnsTargets.South, 0), (DnsTargets.Rpc, DnsTargets.West, DnsTargets.West, 50), (DnsTargets.Rpc, DnsTargets.East, DnsTargets.East, 100),
                (DnsTargets.Api, "one", DnsTargets.East, 10), (DnsTargets.Api, "other", null, 10),
            ],
            now.Records.Select(record => (record.Name, record.Identifier, record.Region, record.Weight ?? -1)));
        Assert.All(now.Records, record => Assert.Equal((DnsRouting.Weighted, TimeSpan.FromSeconds(60), "A"), (record.Routing, record.Ttl, record.Type)));
        Assert.Empty(now.Unknowns);
    }

    [Fact]
    public async Task Apply_BothSides_AreChangedInOneBatchAndComeIntoSync()
    {
        IDnsZone zone = await ThreeRegionsAsync();
        DnsRecord[] before = await RpcAsync(zone);

        DnsApplied applied = await zone.ApplyAsync([new(before[2], 0), new(before[0], 100)], "run-1", Token);

        Assert.NotNull(applied.Change);
        Assert.Equal([(DnsTargets.East, 0), (DnsTargets.South, 100)], applied.Records.Select(record => (record.Identifier, record.Weight ?? -1)));
        DnsRecord[] after = await RpcAsync(zone);
        Assert.Equal([100, 50, 0], after.Select(record => record.Weight ?? -1));
        Assert.Equal(before.Select(record => (record.Ttl, record.Leads[0], record.Check)), after.Select(record => (record.Ttl, record.Leads[0], record.Check)));
        while (!await zone.InSyncAsync(applied.Change, Token))
        {
        }
    }

    [Fact]
    public async Task Apply_Again_SendsNothing()
    {
        IDnsZone zone = await ThreeRegionsAsync();
        DnsRecord[] before = await RpcAsync(zone);
        DnsChange[] changes = [new(before[2], 0), new(before[0], 100)];
        DnsApplied first = await zone.ApplyAsync(changes, "run-1", Token);

        DnsApplied second = await zone.ApplyAsync(changes, "run-1", Token);

        Assert.Null(second.Change);
        Assert.Equal(first.Records.Select(record => record.Source), second.Records.Select(record => record.Source));
    }

    [Fact]
    public async Task Apply_HalfDone_DoesTheRest()
    {
        IDnsZone zone = await ThreeRegionsAsync();
        DnsRecord[] before = await RpcAsync(zone);
        await zone.ApplyAsync([new(before[2], 0)], "run-1", Token);

        DnsApplied rest = await zone.ApplyAsync([new(before[2], 0), new(before[0], 100)], "run-1", Token);

        Assert.NotNull(rest.Change);
        Assert.Equal([100, 50, 0], (await RpcAsync(zone)).Select(record => record.Weight ?? -1));
    }

    [Fact]
    public async Task Apply_SomebodyChangedARecordMeanwhile_IsRefusedAndChangesNothing()
    {
        IDnsZone zone = await ThreeRegionsAsync();
        DnsRecord[] before = await RpcAsync(zone);
        await PutAsync(DnsTargets.Weighted(DnsTargets.Rpc, DnsTargets.South, 7, "127.0.0.3"));

        var refused = await Assert.ThrowsAsync<ApplicationFailureException>(() => zone.ApplyAsync([new(before[2], 0), new(before[0], 100)], "run-1", Token));

        Assert.Equal((ErrorTypes.Conflict, true), (refused.ErrorType, refused.NonRetryable));
        Assert.Contains(DnsTargets.South, refused.Message, StringComparison.Ordinal);
        Assert.Equal([7, 50, 100], (await RpcAsync(zone)).Select(record => record.Weight ?? -1));
    }

    [Fact]
    public async Task Apply_FormerWeightsOverWhatWasLeft_LeadsBack()
    {
        IDnsZone zone = await ThreeRegionsAsync();
        DnsRecord[] before = await RpcAsync(zone);
        DnsApplied done = await zone.ApplyAsync([new(before[2], 0), new(before[0], 100)], "run-1", Token);

        await zone.ApplyAsync([new(done.Records[0], 100), new(done.Records[1], 0)], "run-1 undo", Token);

        Assert.Equal(before.Select(record => record.Source), (await RpcAsync(zone)).Select(record => record.Source));
    }

    [Fact]
    public async Task Apply_WrongWeightAndTheSameRecordTwice_AreBothSaid()
    {
        IDnsZone zone = await ThreeRegionsAsync();
        DnsRecord[] before = await RpcAsync(zone);

        var refused = await Assert.ThrowsAsync<ApplicationFailureException>(() => zone.ApplyAsync([new(before[2], 256), new(before[2], 0)], "run-1", Token));

        Assert.Equal(ErrorTypes.InvalidInput, refused.ErrorType);
        Assert.Contains("0 to 255", refused.Message, StringComparison.Ordinal);
        Assert.Contains("changed twice", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EnsureCheck_Twice_MakesOneInvertedCheckAndRecordsGetIt()
    {
        IDnsZone zone = await ThreeRegionsAsync();
        string check = await zone.EnsureCheckAsync(Target.Dns.Switches[0], Token);
        Assert.Equal(check, await zone.EnsureCheckAsync(Target.Dns.Switches[0], Token));
        DnsRecord east = (await RpcAsync(zone))[2];

        DnsApplied applied = await zone.AttachAsync([east], check, Token);

        Assert.Null((await zone.AttachAsync([east], check, Token)).Change);
        DnsObservation now = await zone.LookAsync(Token);
        DnsCheck made = Assert.Single(now.Checks);
        Assert.Equal((check, DnsTargets.East, true, false, Target.Dns.Switches[0].Url), (made.Id, made.Switch, made.Inverted, made.Disabled, made.Url));
        Assert.Equal([null, null, check], (await RpcAsync(zone)).Select(record => record.Check));
        Assert.Equal((100, check), (applied.Records[0].Weight, applied.Records[0].Check));
        var other = await Assert.ThrowsAsync<ApplicationFailureException>(() => zone.AttachAsync(applied.Records, "another", Token));
        Assert.Equal(ErrorTypes.Conflict, other.ErrorType);
    }

    /// <summary>The names that the zone is for; its switches have one of us-east-1.</summary>
    protected abstract DnsTarget Target { get; }

    /// <summary>An empty zone.</summary>
    protected abstract Task<IDnsZone> EmptyAsync();

    /// <summary>Puts a record there past the port.</summary>
    protected abstract Task PutAsync(DnsRecord record);

    protected async Task<IDnsZone> ThreeRegionsAsync()
    {
        IDnsZone zone = await EmptyAsync();
        await PutAsync(DnsTargets.Weighted(DnsTargets.Rpc, DnsTargets.East, 100, "127.0.0.1"));
        await PutAsync(DnsTargets.Weighted(DnsTargets.Rpc, DnsTargets.West, 50, "127.0.0.2"));
        await PutAsync(DnsTargets.Weighted(DnsTargets.Rpc, DnsTargets.South, 0, "127.0.0.3"));
        await PutAsync(DnsTargets.Weighted(DnsTargets.Api, "one", 10, "127.0.0.1"));
        await PutAsync(DnsTargets.Weighted(DnsTargets.Api, "other", 10, "127.0.0.9"));
        return zone;
    }

    private static async Task<DnsRecord[]> RpcAsync(IDnsZone zone) => [.. (await zone.LookAsync(Token)).Records.Where(record => record.Name == DnsTargets.Rpc)];
}
