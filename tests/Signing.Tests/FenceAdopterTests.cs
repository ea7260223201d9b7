using VirtEngine.DR.Signing.Tests.Support;
using Xunit;

namespace VirtEngine.DR.Signing.Tests;

public sealed class FenceAdopterTests : IDisposable
{
    private readonly SmallHost _host = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Adopt_WithASignerThatRuns_AnswersOnlyAfterItLetGoOfTheLock()
    {
        var running = await StartedAsync();
        using var key = MachineKey.OpenOrCreate(_host.Host().Paths.MachineKey);
        var adopter = new FenceAdopter(_host.Host(), _host.Client, _ =>
        {
            running.Dispose();
            return Task.CompletedTask;
        });
        _host.Seal(2);

        var (answer, decision) = await adopter.AdoptAsync(3, "nonce-1", key, TimeSpan.FromSeconds(5), Token);

        Assert.True(decision.Allowed);
        Assert.NotNull(answer);
        Assert.Equal(new Hrs(7, 0, 3), answer.LastSigned);
        Assert.True(answer.Verify(MachineKey.Public(key)));
        Assert.False((answer with { Fence = 5 }).Verify(MachineKey.Public(key)));
        Assert.True(Ends.Judge(new PossibleHolder("machine-x", 1, ""), 3, answer.Evidence(MachineKey.Public(key)), "nonce-1").Allowed);
        Assert.False(Ends.Judge(new PossibleHolder("machine-x", 1, ""), 3, answer.Evidence(MachineKey.Public(key)), "nonce-2").Allowed);
        Assert.Equal(GateVerdict.Refuse, (await _host.Gate().DecideAsync(Token)).Decision.Verdict);
    }

    [Fact]
    public async Task Adopt_WithASignerThatDoesNotStop_AnswersNothingAndKeepsTheFence()
    {
        using var running = await StartedAsync();
        using var key = MachineKey.OpenOrCreate(_host.Host().Paths.MachineKey);
        _host.Seal(2);

        var (answer, decision) = await new FenceAdopter(_host.Host(), _host.Client, _ => Task.CompletedTask).AdoptAsync(3, "n", key, TimeSpan.FromMilliseconds(200), Token);

        Assert.Null(answer);
        Assert.Contains(decision.Missing, missing => missing.Contains("still runs", StringComparison.Ordinal));
        Assert.Equal(3, _host.Host().Record.Read()!.Fence);
    }

    [Fact]
    public async Task Adopt_WithoutASeal_ChangesNothing()
    {
        (await StartedAsync()).Dispose();
        using var key = MachineKey.OpenOrCreate(_host.Host().Paths.MachineKey);
        _host.Seal(2, buckets: 1);

        var (answer, decision) = await new FenceAdopter(_host.Host(), _host.Client, _ => throw new InvalidOperationException("stopped a signer for a poisoned fence"))
            .AdoptAsync(3, "n", key, TimeSpan.Zero, Token);

        Assert.Null(answer);
        Assert.False(decision.Allowed);
        Assert.Equal(0, _host.Host().Record.Read()!.Fence);
    }

    /// <summary>Killed at each write of the record: afterwards either nothing happened or the fence stands; an answer was given by nobody.</summary>
    [Theory]
    [InlineData(WriteStep.Begin, 0)]
    [InlineData(WriteStep.Written, 0)]
    [InlineData(WriteStep.Synced, 0)]
    [InlineData(WriteStep.Renamed, 3)]
    [InlineData(WriteStep.Done, 3)]
    public async Task Adopt_KilledAtAWrite_LeavesTheFormerRecordOrTheFence(WriteStep at, long fence)
    {
        (await StartedAsync()).Dispose();
        _host.Seal(2);
        var host = _host.Host();
        host = host with { Record = new RecordFile(host.Paths.Record) { At = step => Kill(step, at) } };
        using var key = MachineKey.OpenOrCreate(host.Paths.MachineKey);

        await Assert.ThrowsAsync<OperationCanceledException>(() => new FenceAdopter(host, _host.Client, _ => Task.CompletedTask).AdoptAsync(3, "n", key, TimeSpan.Zero, Token));

        Assert.Equal(fence, _host.Host().Record.Read()!.Fence);
        var again = await new FenceAdopter(_host.Host(), _host.Client, _ => Task.CompletedTask).AdoptAsync(3, "n", key, TimeSpan.Zero, Token);
        Assert.NotNull(again.Answer);
    }

    [Theory]
    [InlineData(WriteStep.Synced, 0)]
    [InlineData(WriteStep.Renamed, 3)]
    public async Task Record_KilledAtAWriteOfTheGrant_LeavesNoGrantBelowItsFloor(WriteStep at, long grant)
    {
        _host.Seal(2);
        _host.Put(SmallHost.Granted(3, "machine-y", floor: 50));
        var host = _host.Host("machine-y");
        var killed = host with { Record = new RecordFile(host.Paths.Record) { At = step => Kill(step, at) } };

        await Assert.ThrowsAsync<OperationCanceledException>(() => new GrantRecorder(killed, _host.Client).RecordAsync(3, Token));

        Assert.Equal(grant, host.Record.Read()?.Grant ?? 0);
        Assert.True(host.Hrs.Read() >= new Hrs(50, 0, 3));
        Assert.True((await new GrantRecorder(host, _host.Client).RecordAsync(3, Token)).Allowed);
        Assert.Equal(3, host.Record.Read()!.Grant);
    }

    /// <summary>Its last vote may have reached nobody: the new host has it to the byte, may say it again, and nothing else at that height, round and step.</summary>
    [Fact]
    public async Task Record_WithTheFormerHoldersVoteAtTheFloor_CarriesThatVoteOver()
    {
        (await StartedAsync()).Dispose();
        using var key = MachineKey.OpenOrCreate(_host.Host().Paths.MachineKey);
        _host.Seal(2);
        var (answer, _) = await new FenceAdopter(_host.Host(), _host.Client, _ => Task.CompletedTask).AdoptAsync(3, "n", key, TimeSpan.FromSeconds(5), Token);
        Assert.Equal(new SignedVote("AA==", "00"), answer!.Vote);
        Assert.False((answer with { Vote = new SignedVote("AA==", "01") }).Verify(MachineKey.Public(key)));
        _host.Put(SmallHost.Granted(3, "machine-y", 7) with { Evidence = [answer.Evidence(MachineKey.Public(key))] });
        await File.WriteAllTextAsync(_host.HrsPath("machine-y"), """{"height": "5", "round": 0, "step": 3, "signature": "BB==", "signbytes": "02"}""", Token);

        Assert.True((await new GrantRecorder(_host.Host("machine-y"), _host.Client).RecordAsync(3, Token)).Allowed);

        var now = _host.Host("machine-y").Hrs.ReadSigned()!;
        Assert.Equal((new Hrs(7, 0, 3), new SignedVote("AA==", "00")), (now.Value, now.Vote));
    }

    [Fact]
    public async Task Record_AGrantThatIsLate_IsRefused()
    {
        (await StartedAsync()).Dispose();
        _host.Seal(2);
        using var key = MachineKey.OpenOrCreate(_host.Host().Paths.MachineKey);
        await new FenceAdopter(_host.Host(), _host.Client, _ => Task.CompletedTask).AdoptAsync(3, "n", key, TimeSpan.Zero, Token);

        var late = await new GrantRecorder(_host.Host(), _host.Client).RecordAsync(1, Token);

        Assert.Contains(late.Missing, missing => missing.Contains("late", StringComparison.Ordinal));
    }

    public void Dispose() => _host.Dispose();

    private static void Kill(WriteStep step, WriteStep at)
    {
        if (step == at)
        {
            throw new OperationCanceledException("killed");
        }
    }

    private async Task<HostLock> StartedAsync()
    {
        Assert.True((await new GrantRecorder(_host.Host(), _host.Client).RecordAsync(1, Token)).Allowed);
        return (await _host.Gate().DecideAsync(Token)).Lock!;
    }
}
