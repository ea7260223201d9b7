using VirtEngine.DR.Activities.Nodes;
using VirtEngine.DR.Activities.Nodes.Process;
using VirtEngine.DR.Activities.Nodes.Rollbacks;
using VirtEngine.DR.Activities.Tests.Support;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Nodes;

namespace VirtEngine.DR.Activities.Tests.Rollbacks;

/// <summary>Rollbacks of a real node: each call one height, whatever happened to the call before.</summary>
public sealed class RollbackLabTests : IAsyncLifetime
{
    private RollbackBench _bench = null!;
    private long _from;
    private string _signed = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _bench = await RollbackBench.StoppedAsync(Token);
        var stores = await _bench.Stores.LookAsync(_bench.Target);
        _from = stores.Blocks.Height!.Value;
        _signed = _bench.SigningState;

        // A stop between two writes leaves a block that is not executed: dropped first, so that every test begins with stores that agree.
        if (!stores.Agree)
        {
            await _bench.Activities.OneAsync(_bench.Act(_from, hard: true, run: "before"));
            _from--;
        }

        Assert.Equal((_from, _from, _from), await _bench.HeightsAsync());
    }

    [Fact]
    public async Task One_Plain_UndoesTheStateAndKeepsTheBlockAndAgainNothing()
    {
        var state = await _bench.Activities.OneAsync(_bench.Act(_from, hard: false));

        Assert.Equal((_from, _from - 1, _from - 1), await _bench.HeightsAsync());
        Assert.Equal(_from, Assert.Single(state.Done).FromHeight);
        Assert.NotNull(state.Done[0].DoneAt);
        var again = await _bench.Activities.OneAsync(_bench.Act(_from, hard: false));
        Assert.Equal(state.Done, again.Done);
        Assert.Equal((_from, _from - 1, _from - 1), await _bench.HeightsAsync());
        Assert.Equal(_signed, _bench.SigningState);
    }

    [Fact]
    public async Task One_HardTwice_UndoesTwoHeightsAndNoMoreThanAllowed()
    {
        await _bench.Activities.OneAsync(_bench.Act(_from, hard: true, most: 2));
        Assert.Equal((_from - 1, _from - 1, _from - 1), await _bench.HeightsAsync());
        await _bench.Activities.OneAsync(_bench.Act(_from, hard: true, most: 2));
        Assert.Equal((_from - 1, _from - 1, _from - 1), await _bench.HeightsAsync());

        await _bench.Activities.OneAsync(_bench.Act(_from - 1, hard: true, number: 2, most: 2));
        Assert.Equal((_from - 2, _from - 2, _from - 2), await _bench.HeightsAsync());

        var failure = await Make.FailureAsync(_bench.Activities.OneAsync(_bench.Act(_from - 2, hard: true, number: 3, most: 2)));
        Assert.Equal(ErrorTypes.Forbidden, failure.ErrorType);
        Assert.Equal((_from - 2, _from - 2, _from - 2), await _bench.HeightsAsync());
        Assert.Equal(2, (await _bench.Activities.LookAsync(_bench.Act(0, hard: true))).Done.Count);
        Assert.Equal(_signed, _bench.SigningState);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_WorkerKilledBeforeTheCommand_OneHeight(bool hard)
    {
        _bench.WriteLedger(_from, hard, RollbackBench.Gone());

        await _bench.Activities.OneAsync(_bench.Act(_from, hard));

        Assert.Equal((hard ? _from - 1 : _from, _from - 1, _from - 1), await _bench.HeightsAsync());
        Assert.Single((await _bench.Activities.LookAsync(_bench.Act(_from, hard))).Done);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_WorkerKilledAfterTheCommand_OneHeight(bool hard)
    {
        await _bench.Activities.OneAsync(_bench.Act(_from, hard));
        _bench.WriteLedger(_from, hard, RollbackBench.Gone());

        var state = await _bench.Activities.OneAsync(_bench.Act(_from, hard));

        Assert.NotNull(Assert.Single(state.Done).DoneAt);
        Assert.Equal((hard ? _from - 1 : _from, _from - 1, _from - 1), await _bench.HeightsAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_WorkerKilledWhileTheCommandRuns_WaitsForItAndUndoesOneHeight(bool hard)
    {
        // The command that the killed worker left behind: it has not begun to write when the next call comes.
        var gate = Path.Combine(_bench.Home, "gate");
        using (var fifo = System.Diagnostics.Process.Start("mkfifo", [gate]))
        {
            await fifo.WaitForExitAsync(Token);
        }

        var home = NodeHome.Of(_bench.Target.Node);
        home.EnsurePrivate();
        string[] command = ["sh", "-c", "read -r line < \"$1\"; shift; exec labchaind rollback \"$@\"", "sh", gate, "--home", _bench.Home, .. hard ? new[] { "--hard" } : []];
        DetachedLauncher.Start(command, _bench.Home, RollbackLedger.LogIn(home), process => _bench.WriteLedger(_from, hard, process));
        var call = _bench.Activities.OneAsync(_bench.Act(_from, hard));
        Assert.Contains("runs", (await _bench.Activities.LookAsync(_bench.Act(_from, hard))).Refusal, StringComparison.Ordinal);
        Assert.False(call.IsCompleted);

        await File.WriteAllTextAsync(gate, "go\n", Token);
        await call;

        Assert.Equal((hard ? _from - 1 : _from, _from - 1, _from - 1), await _bench.HeightsAsync());
    }

    [Fact]
    public async Task One_NotTheExpectedHeight_IsRefusedAndNothingRuns()
    {
        foreach (var from in new[] { _from - 1, _from + 1 })
        {
            var failure = await Make.FailureAsync(_bench.Activities.OneAsync(_bench.Act(from, hard: true)));
            Assert.Equal(ErrorTypes.Conflict, failure.ErrorType);
            Assert.Contains("at another", failure.Message, StringComparison.Ordinal);
        }

        Assert.Equal((_from, _from, _from), await _bench.HeightsAsync());
        Assert.False(File.Exists(RollbackLedger.LogIn(NodeHome.Of(_bench.Target.Node))));
    }

    [Fact]
    public async Task One_AnotherRunsCommandStillRuns_IsRefused()
    {
        using var sleeper = System.Diagnostics.Process.Start("sleep", "60");
        try
        {
            _bench.WriteLedger(_from, true, new ProcessRecord(sleeper.Id, ProcFs.Stat(sleeper.Id)!.Value.StartTime, ProcFs.BootId, [], DateTimeOffset.UtcNow), "run-0");

            Assert.Contains("run wf-run-0", (await _bench.Activities.LookAsync(_bench.Act(_from, true))).Refusal, StringComparison.Ordinal);
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
            var call = new Rollbacker(NodeControls.Default).OneAsync(_bench.Act(_from, true), NodeHome.Of(_bench.Target.Node), new NoFence(), patience.Token);
            Assert.False(call.IsCompleted);
            await patience.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        }
        finally
        {
            sleeper.Kill();
            await sleeper.WaitForExitAsync(Token);
        }

        // It ended and has undone nothing: this run may, and its own is the only one that counts.
        var state = await _bench.Activities.OneAsync(_bench.Act(_from, true));
        Assert.Single(state.Done);
        Assert.Equal((_from - 1, _from - 1, _from - 1), await _bench.HeightsAsync());
    }

    [Fact]
    public async Task One_CommandIsNotTheBinarys_SaysWhatToSet()
    {
        _bench.WriteLedger(1, false, RollbackBench.Gone(), "run-0");
        var act = _bench.Act(_from, hard: true);
        act = act with { Target = act.Target with { Chain = act.Target.Chain with { Commands = act.Target.Chain.Commands with { RollbackHard = ["rollback", "--harder", "--home", "{home}"] } } } };

        var failure = await Make.FailureAsync(_bench.Activities.OneAsync(act));

        Assert.Equal(ErrorTypes.NotConfigured, failure.ErrorType);
        Assert.Contains("--harder", failure.Message, StringComparison.Ordinal);
        Assert.Equal((_from, _from, _from), await _bench.HeightsAsync());
    }

    public async ValueTask DisposeAsync() => await _bench.DisposeAsync();

    private sealed class NoFence : IFence
    {
        public void EnsureCurrent()
        {
        }
    }
}
