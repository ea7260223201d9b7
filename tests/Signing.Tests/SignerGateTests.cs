using VirtEngine.DR.Signing.Tests.Support;
using Xunit;

namespace VirtEngine.DR.Signing.Tests;

public sealed class SignerGateTests : IDisposable
{
    private readonly SmallHost _host = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Decide_WithoutARecord_Refuses()
    {
        var outcome = await _host.Gate().DecideAsync(Token);

        Assert.Equal(GateVerdict.Refuse, outcome.Decision.Verdict);
        Assert.Contains("no grant is recorded", Assert.Single(outcome.Decision.Reasons), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Decide_AfterAGrant_AsksTheRegisterOnceAndThenNobodyInTheSameBoot()
    {
        await GrantAsync();
        using (var first = (await _host.Gate().DecideAsync(Token)).Lock)
        {
            Assert.NotNull(first);
            Assert.Equal(1, _host.Looks);
        }

        _host.Unreachable(3);
        _host.Rpcs = false;
        var before = _host.Buckets.Sum(bucket => bucket.Requests);
        using var again = (await _host.Gate().DecideAsync(Token)).Lock;

        Assert.NotNull(again);
        Assert.Equal(before, _host.Buckets.Sum(bucket => bucket.Requests));
        Assert.Equal(1, _host.Looks);
    }

    [Fact]
    public async Task Decide_WhileTheLockIsHeld_Refuses()
    {
        await GrantAsync();
        using var first = (await _host.Gate().DecideAsync(Token)).Lock;

        Assert.Equal(GateVerdict.Refuse, (await _host.Gate().DecideAsync(Token)).Decision.Verdict);
    }

    [Theory]
    [InlineData(0, true, GateVerdict.Start)]
    [InlineData(1, true, GateVerdict.Start)]
    [InlineData(2, true, GateVerdict.Wait)]
    [InlineData(3, true, GateVerdict.Wait)]
    [InlineData(0, false, GateVerdict.Wait)]
    public async Task Decide_FirstStartAfterABoot_NeedsAMajorityAndTheChain(int unreachable, bool rpcs, GateVerdict expected)
    {
        await GrantAsync();
        _host.BootId = "boot-2";
        _host.Unreachable(unreachable);
        _host.Rpcs = rpcs;
        var outcome = await _host.Gate().DecideAsync(Token);
        outcome.Lock?.Dispose();

        Assert.Equal(expected, outcome.Decision.Verdict);
    }

    [Fact]
    public async Task Decide_FirstStartAfterABoot_RefusesAboveASealOrAHolder()
    {
        await GrantAsync();
        _host.BootId = "boot-2";
        _host.Seal(2, buckets: 2);
        Assert.Equal(GateVerdict.Refuse, (await _host.Gate().DecideAsync(Token)).Decision.Verdict);

        _host.Put(SmallHost.Granted(3, "machine-y"), buckets: 1);
        Assert.Contains((await _host.Gate().DecideAsync(Token)).Decision.Reasons, reason => reason.Contains("machine-y", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Decide_OneStrayVoidAmongThree_RefusesNobody()
    {
        await GrantAsync();
        _host.BootId = "boot-2";
        _host.Seal(2, buckets: 1);
        using var held = (await _host.Gate().DecideAsync(Token)).Lock;

        Assert.NotNull(held);
    }

    [Fact]
    public async Task Decide_WithAnOldHrsFile_Refuses()
    {
        await GrantAsync();
        _host.BootId = "boot-2";
        _host.LastSigned = 8;

        Assert.Contains("height 8", Assert.Single((await _host.Gate().DecideAsync(Token)).Decision.Reasons), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "missing")]
    [InlineData("{\"height\": \"7\", \"rou", "no HRS file")]
    [InlineData("", "no HRS file")]
    public async Task Decide_WithoutAReadableHrsFile_Refuses(string? content, string word)
    {
        await GrantAsync();
        File.Delete(_host.HrsPath());
        if (content is not null)
        {
            await File.WriteAllTextAsync(_host.HrsPath() + ".new", content, Token);
            File.Move(_host.HrsPath() + ".new", _host.HrsPath(), overwrite: true);
        }

        var host = _host.Host();
        if (content is null)
        {
            File.Delete(_host.HrsPath());
        }

        var outcome = await new SignerGate(host, _host.Client, _host).DecideAsync(Token);

        Assert.Equal(GateVerdict.Refuse, outcome.Decision.Verdict);
        Assert.Contains(word, outcome.Decision.Reasons[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Decide_OnAnotherMachine_RefusesAClonedDisk()
    {
        await GrantAsync();
        var clone = _host.Host() with { Machine = "machine-z" };

        Assert.Contains("cloned", (await new SignerGate(clone, _host.Client, _host).DecideAsync(Token)).Decision.Reasons[0], StringComparison.Ordinal);
        Assert.False((await new GrantRecorder(clone, _host.Client).RecordAsync(1, Token)).Allowed);
    }

    [Fact]
    public async Task Decide_WithATornRecord_Refuses()
    {
        await GrantAsync();
        var path = _host.Host().Paths.Record;
        var bytes = await File.ReadAllBytesAsync(path, Token);
        await File.WriteAllBytesAsync(path, bytes[..^5], Token);

        Assert.Contains("torn", (await _host.Gate().DecideAsync(Token)).Decision.Reasons[0], StringComparison.Ordinal);
    }

    public void Dispose() => _host.Dispose();

    private async Task GrantAsync() => Assert.Empty((await new GrantRecorder(_host.Host(), _host.Client).RecordAsync(1, Token)).Missing);
}
