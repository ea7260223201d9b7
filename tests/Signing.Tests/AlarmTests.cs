using CsCheck;
using VirtEngine.DR.Signing.Tests.Support;
using Xunit;

namespace VirtEngine.DR.Signing.Tests;

public sealed class AlarmTests : IDisposable
{
    private const string Line = "ERR found conflicting vote from ourselves; did you unsafe_reset a validator?";
    private readonly SmallHost _host = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Decide_ByTheOwnLog_StopsAtOnceAndOnlyUntilItWasCleared()
    {
        var reason = Assert.Single(AlarmRules.Decide(new() { OwnLog = [Line, Line] }).Stop);

        Assert.Equal(AlarmKind.OwnLog, reason.Kind);
        Assert.Empty(AlarmRules.Decide(new() { OwnLog = [Line], Cleared = [reason.Mark] }).Stop);
        Assert.Single(AlarmRules.Decide(new() { OwnLog = [Line, Line + " again"], Cleared = [reason.Mark] }).Stop);
    }

    [Fact]
    public void Decide_EvidenceByOneOwner_IsASuspicionAndByTwoStops()
    {
        EvidenceSight[] one = [new("a", 7), new("a", 7), new("b", 8)];

        Assert.Empty(AlarmRules.Decide(new() { Evidence = one }).Stop);
        Assert.Equal(2, AlarmRules.Decide(new() { Evidence = one }).Suspicions.Count);
        Assert.Equal("evidence:7", Assert.Single(AlarmRules.Decide(new() { Evidence = [.. one, new("b", 7)] }).Stop).Mark);
    }

    [Fact]
    public void Decide_SignaturesWhileNobodyMayHoldTheKey_StopByTwoOwnersAboveThatHeightOnly()
    {
        RpcSight[] Signed(params (string Source, long? At)[] sights) => [.. sights.Select(one => new RpcSight(one.Source, 200, true, one.At, 1))];

        Assert.Single(AlarmRules.Decide(new() { NobodySince = 100, Rpcs = Signed(("a", 101), ("b", 102)) }).Stop);
        Assert.Empty(AlarmRules.Decide(new() { NobodySince = 100, Rpcs = Signed(("a", 101), ("b", 100)) }).Stop);
        Assert.Empty(AlarmRules.Decide(new() { NobodySince = null, Rpcs = Signed(("a", 101), ("b", 102)) }).Stop);
        Assert.Empty(AlarmRules.Decide(new() { NobodySince = 100, Rpcs = Signed(("a", 100), ("b", null)) }).Suspicions);
    }

    [Fact]
    public void Decide_WhateverOneRpcSays_StopsNothing() => Gen.Select(Gen.Long[1, 50].List[0, 5], Gen.Long[1, 300], Gen.Long[1, 100]).Sample((heights, signed, since) =>
        AlarmRules.Decide(new()
        {
            Evidence = [.. heights.Select(height => new EvidenceSight("liar", height))],
            NobodySince = since,
            Rpcs = [new("liar", 500, true, signed, 1), new("honest", 400, true, null, 1)],
        }).Stop.Count == 0);

    [Fact]
    public async Task Gate_WithAnAlarm_RefusesInTheSameBootToo_UntilTwoPeopleClearedIt()
    {
        await GrantAsync();
        (await _host.Gate().DecideAsync(Token)).Lock!.Dispose();
        var alarms = _host.Host().Alarms;
        alarms.Raise([new(AlarmKind.OwnLog, "its own log", "log:x")], DateTimeOffset.UnixEpoch);

        var refused = await _host.Gate().DecideAsync(Token);
        Assert.Equal((GateVerdict.Refuse, true), (refused.Decision.Verdict, refused.Decision.Reasons[0].StartsWith("ALARM", StringComparison.Ordinal)));

        Assert.False(AlarmRules.MayClear(alarms.Read().Current, ["ann", "Ann "], "found").Allowed);
        Assert.False(AlarmRules.MayClear(alarms.Read().Current, ["ann", "bob"], " ").Allowed);
        Assert.False(AlarmRules.MayClear(null, ["ann", "bob"], "found").Allowed);
        Assert.True(AlarmRules.MayClear(alarms.Read().Current, ["ann", "bob"], "a clone was started").Allowed);
        Assert.Contains("log:x", alarms.Clear(["ann", "bob"], "a clone was started", DateTimeOffset.UnixEpoch).Marks);
        using var started = (await _host.Gate().DecideAsync(Token)).Lock;
        Assert.NotNull(started);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("{\"current\":null,\"cleared\":[],\"more\":1}")]
    public async Task Gate_WithAnAlarmFileThatCannotBeRead_Refuses(string text)
    {
        await GrantAsync();
        await File.WriteAllTextAsync(_host.Host().Paths.Alarm, text, Token);

        Assert.Equal(GateVerdict.Refuse, (await _host.Gate().DecideAsync(Token)).Decision.Verdict);
    }

    [Fact]
    public void Raise_AgainWithMore_KeepsWhenItBeganAndAddsTheReason()
    {
        var alarms = _host.Host().Alarms;
        alarms.Raise([new(AlarmKind.OwnLog, "log", "log:x")], DateTimeOffset.UnixEpoch);
        alarms.Note(one => one with { Paged = true });
        var book = alarms.Raise([new(AlarmKind.OwnLog, "log", "log:x"), new(AlarmKind.Evidence, "block 7", "evidence:7")], DateTimeOffset.UnixEpoch.AddHours(1));

        Assert.Equal(2, book.Current!.Reasons.Count);
        Assert.Equal((DateTimeOffset.UnixEpoch, true), (alarms.Read().Current!.At, alarms.Read().Current!.Paged));
    }

    public void Dispose() => _host.Dispose();

    private async Task GrantAsync() => Assert.True((await new GrantRecorder(_host.Host(), _host.Client).RecordAsync(1, Token)).Allowed);
}
