using VirtEngine.DR.Signing;
using VirtEngine.DR.Starter.Tests.Support;
using VirtEngine.DR.Tests.Shared;
using Xunit;

namespace VirtEngine.DR.Starter.Tests.Signers;

/// <summary>The gate as a process: it becomes the signer and its lock lives as long as the signer does.</summary>
public sealed class SignerCommandTests : IAsyncDisposable
{
    private readonly SignerHostStage _stage = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Exec_WithAGrant_BecomesTheSignerAndHoldsItsLockUntilItEnds()
    {
        await _stage.GrantAsync(Token);
        Assert.Equal(6, new HrsFile(_stage.Config.HrsFile, HrsFormat.CometBft).Read()!.Value.Height);
        var signer = await RunningAsync();

        // The same process: what supervises it sees the signer's pid and its end.
        Assert.Contains($"running {signer.Pid}\n", signer.Output, StringComparison.Ordinal);
        Assert.Null(HostLock.TryTake(_stage.Paths.Lock, inherited: false));
        var second = _stage.Exec("sleep", "600");
        Assert.Equal(ExitCodes.Refused, await second.WaitAsync(Token));
        Assert.Contains("lock is held", second.Output, StringComparison.Ordinal);

        // Killed, with every bucket gone: the same boot needs nobody.
        signer.Kill();
        await signer.WaitAsync(Token);
        _stage.CutOff("a", "b", "c");
        var again = await RunningAsync();

        // Another boot asks, and waits where nobody answers.
        again.Kill();
        await again.WaitAsync(Token);
        _stage.Boot("boot-2");
        var waiting = _stage.Exec("sleep", "600");
        Assert.Equal(ExitCodes.Unreachable, await waiting.WaitAsync(Token));
        Assert.Contains("0 of 3 buckets answer", waiting.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exec_AfterAFence_RefusesHoweverItIsStarted()
    {
        await _stage.GrantAsync(Token);
        var signer = await RunningAsync();
        var view = await _stage.Register.ReadAsync(SignerHostStage.Signer, Token);
        await _stage.Register.FillAsync(SignerHostStage.Signer, SignerRules.Instance.Seal(view, 3).Empty, Token);
        using var key = MachineKey.OpenOrCreate(_stage.Paths.MachineKey);
        var (answer, _) = await new FenceAdopter(_stage.Host, _stage.Register, async _ =>
        {
            signer.Kill();
            await signer.WaitAsync(Token);
        }).AdoptAsync(3, "nonce", key, TimeSpan.FromSeconds(5), Token);

        Assert.NotNull(answer);
        Assert.True(answer.Verify(MachineKey.Public(key)));
        var fenced = _stage.Exec("sleep", "600");
        Assert.Equal(ExitCodes.Refused, await fenced.WaitAsync(Token));
        Assert.Contains("fenced", fenced.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exec_WithoutAGrantOrAProgram_StartsNothing()
    {
        var refused = _stage.Exec("sleep", "600");
        Assert.Equal(ExitCodes.Refused, await refused.WaitAsync(Token));
        Assert.Contains("no grant is recorded", refused.Output, StringComparison.Ordinal);
        Assert.NotEqual(0, await _stage.Exec("/no/such/program").WaitAsync(Token));
    }

    [Fact]
    public async Task Status_OfAnEnrolledSigner_SaysWhoMaySignAndWhatIsMissing()
    {
        await _stage.GrantAsync(Token);
        var io = new TestIo();
        io.Environment["VIRTENGINE_SIGNER_ROOT"] = _stage.Root;

        Assert.True(await io.RunAsync("signer", "status", "--chain", "stage-1", "--validator", SignerHostStage.Signer.Address) == 0, io.Error);
        Assert.All(
            ["Active", "epoch 1: 4c4c4544/disk-1 may sign above 6/0/3", "granted epoch 1, fence 0", "no signer runs here", "for a grant of epoch 3 are missing", "is not ended"],
            text => Assert.Contains(text, io.Output, StringComparison.Ordinal));
        Assert.Equal(ExitCodes.Usage, await io.RunAsync("signer", "status", "--chain", "stage-1", "--validator", "xyz"));
    }

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    private async Task<ChildProgram> RunningAsync()
    {
        var signer = _stage.Exec("sh", "-c", "echo running $$; exec sleep 600");
        await Eventually.TrueAsync("the gate becomes the signer", TimeSpan.FromSeconds(30), () => signer.HasExited
            ? throw new Xunit.Sdk.XunitException(signer.Output) : Task.FromResult(signer.Output.Contains("running", StringComparison.Ordinal)), Token);
        return signer;
    }
}
