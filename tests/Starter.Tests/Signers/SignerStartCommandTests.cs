using VirtEngine.DR.Signing;
using VirtEngine.DR.Starter.Tests.Support;
using VirtEngine.DR.Tests.Shared;
using Xunit;

namespace VirtEngine.DR.Starter.Tests.Signers;

/// <summary>Break glass, rehearsed: a majority of the buckets gone, the machine rebooted, two people.</summary>
public sealed class SignerStartCommandTests : IAsyncDisposable
{
    private static readonly string[] Statements = [$"this disk is its own {Tail}", $"nobody else was granted {Tail}"];
    private readonly SignerHostStage _stage = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static string Tail => SignerHostStage.Signer.Address[^8..];

    private string Challenge => Path.Combine(_stage.Paths.Folder, "offline-challenge.json");

    [Fact]
    public async Task Start_WithTwoPeopleAndWithoutTheRegister_BecomesTheSignerOnce()
    {
        await _stage.GrantAsync(Token);
        _stage.Boot("boot-2");
        _stage.CutOff("a", "b");
        Assert.Equal(ExitCodes.Waiting, (await RunAsync([], StartArgs())).Code);
        await SignAsync("ann");
        await SignAsync("bob");
        string[] signed = ["--signature", _stage["ann.json"], "--signature", _stage["bob.json"]];

        var signer = _stage.Typed(Statements, [.. StartArgs(signed).Skip(1).TakeWhile(word => word != "--"), "--", "sh", "-c", "echo running $$; exec sleep 600"]);
        await Eventually.TrueAsync("it becomes the signer", TimeSpan.FromSeconds(30), () => signer.HasExited
            ? throw new Xunit.Sdk.XunitException(signer.Output) : Task.FromResult(signer.Output.Contains("running", StringComparison.Ordinal)), Token);

        Assert.Contains("without the register, by ann and bob", signer.Output, StringComparison.Ordinal);
        Assert.Null(HostLock.TryTake(_stage.Paths.Lock, inherited: false));
        Assert.False(File.Exists(Challenge));
        Assert.Equal((1L, "boot-2"), (new RecordFile(_stage.Paths.Record).Read() is { } record ? (record.Grant, record.CheckedBoot) : default));
        var (code, output) = await RunAsync(Statements, StartArgs(signed));
        Assert.True(code == ExitCodes.Refused && output.Contains("No challenge of this boot waits", StringComparison.Ordinal), output);

        // The same boot needs nobody any more, and the next one does.
        signer.Kill();
        await signer.WaitAsync(Token);
    }

    [Theory]
    [InlineData(1, true, "two people's offline keys")]
    [InlineData(2, false, "not confirmed: that nobody was granted")]
    public async Task Start_WithoutTheSecondPersonOrStatement_IsRefused(int people, bool typed, string words)
    {
        await _stage.GrantAsync(Token);
        _stage.Boot("boot-2");
        _stage.CutOff("a", "b");
        await RunAsync([], StartArgs());
        await SignAsync("ann");
        await SignAsync("bob");
        string[] second = people == 2 ? ["--signature", _stage["bob.json"]] : ["--signature", _stage["ann.json"]];

        var (code, output) = await RunAsync([Statements[0], typed ? Statements[1] : "yes"], StartArgs(["--signature", _stage["ann.json"], .. second]));

        Assert.True(code == ExitCodes.Refused, output);
        Assert.Contains(words, output, StringComparison.Ordinal);
        Assert.True(File.Exists(Challenge));
    }

    [Fact]
    public async Task Start_WhileAMajorityAnswersOrWithForeignSignatures_IsRefused()
    {
        await _stage.GrantAsync(Token);
        _stage.Boot("boot-2");
        await RunAsync([], StartArgs());
        await SignAsync("ann");
        await SignAsync("bob");
        string[] signed = ["--signature", _stage["ann.json"], "--signature", _stage["bob.json"]];
        var (answers, output) = await RunAsync(Statements, StartArgs(signed));
        Assert.True(answers == ExitCodes.Refused && output.Contains("a majority of the buckets answers", StringComparison.Ordinal), output);

        // Another boot: what was signed is of another one.
        _stage.Boot("boot-3");
        _stage.CutOff("a", "b");
        await RunAsync([], StartArgs());
        var (stale, words) = await RunAsync(Statements, StartArgs(signed));
        Assert.True(stale == ExitCodes.Refused && words.Contains("is not of this challenge", StringComparison.Ordinal), words);
        Assert.Equal(ExitCodes.Usage, (await RunAsync([], ["signer", "offline-sign", "--challenge", _stage["ann.json"], "--key", _stage["keys/ann.pem"], "--name", "ann", "--to", _stage["x"], "--yes"])).Code);
    }

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    private static string[] StartArgs(params string[] more) =>
        ["signer", "start", "--offline", "--chain", SignerHostStage.Signer.Chain, "--validator", SignerHostStage.Signer.Address, .. more, "--", "false"];

    private async Task SignAsync(string name)
    {
        var (code, output) = await RunAsync([], ["signer", "offline-sign", "--challenge", Challenge, "--key", _stage[$"keys/{name}.pem"], "--name", name, "--to", _stage[$"{name}.json"], "--yes"]);
        Assert.True(code == 0, output);
    }

    private async Task<(int Code, string Output)> RunAsync(string[] typed, string[] args)
    {
        var io = new TestIo { Keyboard = string.Join('\n', typed) };
        io.Environment["VIRTENGINE_SIGNER_ROOT"] = _stage.Root;
        io.Environment["PATH"] = "/usr/bin:/bin";
        var code = await io.RunAsync(args);
        return (code, io.Output + io.Error);
    }
}
