using Temporalio.Exceptions;
using VirtEngine.DR.Activities.Dns;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Dns;

namespace VirtEngine.DR.Activities.Tests.Dns;

public sealed class SimulatedZoneTests : DnsZoneContract
{
    private readonly SimulatedZone _zone;

    public SimulatedZoneTests()
    {
        Target = DnsTargets.Of(switches: "/srv/switch");
        _zone = new(Target) { LooksUntilInSync = 2 };
    }

    [Fact]
    public async Task Look_ApiIsAway_IsWorthARetry()
    {
        _zone.Answers = false;

        var away = await Assert.ThrowsAsync<ApplicationFailureException>(() => _zone.LookAsync(Token));

        Assert.Equal((ErrorTypes.Unavailable, false), (away.ErrorType, away.NonRetryable));
    }

    protected override DnsTarget Target { get; }

    protected override Task<IDnsZone> EmptyAsync() => Task.FromResult<IDnsZone>(_zone);

    protected override Task PutAsync(DnsRecord record)
    {
        _zone.Put(record);
        return Task.CompletedTask;
    }
}
