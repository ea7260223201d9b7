using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Signing;
using Xunit;

namespace VirtEngine.DR.Activities.Tests.Signing;

public sealed class SignerWatchTests : IDisposable
{
    private const string Line = "ERR found conflicting vote from ourselves; did you unsafe_reset a validator? height=7";
    private readonly WatchedHost _host = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tick_TheOwnLogSaysSo_StopsPagesOnceAndStopsAgainWhateverStartsIt()
    {
        Assert.Null((await _host.LookAsync(Token)).Alarm);
        _host.Log += "\n" + Line;

        var alarm = (await _host.LookAsync(Token)).Alarm!;
        Assert.Equal((ProcessState.Stopped, 1, true), (_host.Process, _host.Stops, alarm.StoppedAt is not null));
        var page = Assert.Single(_host.Pages);
        Assert.Equal(("critical", "D5"), (page.Severity, page.IncidentClass));
        Assert.Contains("RB-DR-005", page.Details["proposed"], StringComparison.Ordinal);

        _host.Process = ProcessState.Running;
        _host.Restart();
        await _host.LookAsync(Token);
        Assert.Equal((ProcessState.Stopped, 2, 1), (_host.Process, _host.Stops, _host.Pages.Count));
    }

    [Fact]
    public async Task Tick_AfterTwoPeopleClearedIt_TheSameLineStopsNothing()
    {
        _host.Log = Line;
        await _host.LookAsync(Token);
        _host.Alarms.Clear(["ann", "bob"], "a clone", _host.Time.Now);
        _host.Process = ProcessState.Running;

        Assert.Null((await _host.LookAsync(Token)).Alarm);
        _host.Log += "\nanother line";
        Assert.Null((await _host.LookAsync(Token)).Alarm);
        Assert.Equal(1, _host.Stops);
    }

    [Fact]
    public async Task Tick_TheStopFails_SaysSoAndTriesAgain()
    {
        (_host.Log, _host.StopFails, _host.PagesArrive) = (Line, "it does not end", false);

        Assert.Equal("it does not end", (await _host.LookAsync(Token)).Alarm!.StopProblem);
        Assert.Contains("could NOT be stopped", Assert.Single(_host.Pages).Summary, StringComparison.Ordinal);
        (_host.StopFails, _host.PagesArrive) = (null, true);
        _host.Time.Now += TimeSpan.FromMinutes(2);
        var alarm = (await _host.LookAsync(Token)).Alarm!;

        Assert.Equal((null, true, 2), (alarm.StopProblem, alarm.Paged, _host.Pages.Count));
        Assert.NotNull(alarm.StoppedAt);
    }

    [Fact]
    public async Task Tick_EvidenceByOneRpc_StopsNothingAndIsToldOnceAndByTwoStops()
    {
        await _host.LookAsync(Token);
        _host.Height = 110;
        _host.Evidence.Add(("first", 105));
        Assert.Null((await _host.LookAsync(Token)).Alarm);
        await _host.LookAsync(Token);
        Assert.Equal(("error", 0), (Assert.Single(_host.Pages).Severity, _host.Stops));

        _host.Height = 120;
        _host.Evidence.AddRange([("first", 115), ("second", 115)]);
        Assert.Contains("block 115", Assert.Single((await _host.LookAsync(Token)).Alarm!.Reasons).Text, StringComparison.Ordinal);
        Assert.Equal(ProcessState.Stopped, _host.Process);
    }

    [Fact]
    public async Task Tick_SignaturesWhileFencedAndNobodyIsGranted_AlarmsAndWithANewHolderNever()
    {
        new RecordFile(_host.Paths.Record).Update(_ => new MachineRecord { Register = "r", Signer = WatchedHost.Signer, Machine = _host.Machine, Grant = 1, Fence = 3, Epoch = 3 });
        _host.Put(Granted(1, _host.Machine));
        await _host.LookAsync(Token);
        _host.Height = 110;
        _host.Signed.AddRange([("first", 108), ("second", 108)]);
        _host.Put(Granted(3, "machine-2"));
        Assert.Null((await _host.LookAsync(Token)).Alarm);
        Assert.Null((await _host.LookAsync(Token)).Alarm);
    }

    [Fact]
    public async Task Tick_SignaturesWhileFencedAndNobodyIsGranted_Alarms()
    {
        new RecordFile(_host.Paths.Record).Update(_ => new MachineRecord { Register = "r", Signer = WatchedHost.Signer, Machine = _host.Machine, Grant = 1, Fence = 3, Epoch = 3 });
        _host.Put(Granted(1, _host.Machine));
        await _host.LookAsync(Token);
        _host.Height = 110;
        _host.Signed.Add(("first", 108));
        Assert.Null((await _host.LookAsync(Token)).Alarm);
        _host.Signed.Add(("second", 108));

        Assert.Equal(AlarmKind.NobodySigns, Assert.Single((await _host.LookAsync(Token)).Alarm!.Reasons).Kind);
    }

    [Fact]
    public async Task Tick_AnAlarmFileThatCannotBeRead_StopsNothingAndIsTold()
    {
        await File.WriteAllTextAsync(_host.Paths.Alarm, "{", Token);

        Assert.Contains("torn", (await _host.LookAsync(Token)).Problem, StringComparison.Ordinal);
        Assert.Equal((1, 0), (_host.Pages.Count, _host.Stops));
    }

    public void Dispose() => _host.Dispose();

    private static SlotObject Granted(long epoch, string holder) => new()
    {
        Kind = SlotKind.Holder,
        Signer = WatchedHost.Signer,
        Register = "r",
        Epoch = epoch,
        Generation = 1,
        Holder = holder,
        OfflineAllowed = [holder],
        AskedBy = "test",
        AskId = $"ask-{epoch}",
        Evidence = epoch == 1 ? [] : [new EndEvidence { Machine = "nobody", Below = epoch, Kind = EndKind.FenceAdopted, Fence = epoch, BootId = "b", Nonce = "n", Signed = true, Proof = [] }],
    };
}
