using VirtEngine.DR.Signing;
using VirtEngine.DR.Starter.Tests.Support;
using VirtEngine.DR.Tests.Shared;
using Xunit;

namespace VirtEngine.DR.Starter.Tests.Signers;

/// <summary>Ends other than a fence that its own gate adopted: a folder as the dead machine's mounted volume, and two people's word.</summary>
public sealed class SignerEndCommandTests : IAsyncDisposable
{
    private const string Dead = "dead-board/disk-9";
    private readonly SignerHostStage _stage = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Mount => _stage["mount"];

    private SignerPaths Volume => new(Path.Combine(Mount, "var/lib/virtengine-dr/signers"), SignerHostStage.Signer);

    [Fact]
    public async Task FenceVolume_OfADeadMachine_WritesTheFenceAndSaysSoWithTheEnrolledKey()
    {
        await PrepareAsync("disk-9");

        var (code, output) = await FenceAsync();

        Assert.True(code == 0, output);
        Assert.Equal(3, new RecordFile(Volume.Record).Read()!.Fence);
        var statement = EndStatement.Read(await File.ReadAllBytesAsync(_stage["ended.json"], Token));
        Assert.Equal((Dead, 3L, 3L, new Hrs(41, 0, 3)), (statement.Machine, statement.Below, statement.Fence, statement.LastSigned!.Value));
        using var key = MachineKey.Open(_stage.Paths.MachineKey);
        Assert.True(statement.Verify(MachineKey.Public(key)));
        Assert.False((statement with { Below = 9 }).Verify(MachineKey.Public(key)));
        Assert.Empty(Ends.Judge(new PossibleHolder(Dead, 1, "test"), 3, statement.Evidence([]), null).Missing);
        Assert.NotEmpty(Ends.Judge(new PossibleHolder(Dead, 1, "test"), 4, statement.Evidence([]), null).Missing);

        // Killed after the write, run again: the fence stays, and nothing falls.
        Assert.Equal(0, (await FenceAsync()).Code);
        Assert.Equal(3, new RecordFile(Volume.Record).Read()!.Fence);
    }

    [Theory]
    [InlineData("disk-10", false, "a copy or a snapshot ends nobody")]
    [InlineData("disk-9", true, "a signer runs on that volume here")]
    public async Task FenceVolume_ACopyOrARunningSigner_IsRefusedAndNothingIsWritten(string serial, bool runs, string words)
    {
        await PrepareAsync(serial);
        using var held = runs ? HostLock.TryTake(Volume.Lock, inherited: false) : null;

        var (code, output) = await FenceAsync();

        Assert.True(code == ExitCodes.Refused && output.Contains(words, StringComparison.Ordinal), output);
        Assert.Equal(0, new RecordFile(Volume.Record).Read()!.Fence);
        Assert.False(File.Exists(_stage["ended.json"]));
    }

    [Fact]
    public async Task FenceVolume_ByAMachineThatNobodyEnrolled_IsRefused()
    {
        await PrepareAsync("disk-9");
        File.Delete(_stage.Paths.MachineKey);
        using var other = MachineKey.OpenOrCreate(_stage.Paths.MachineKey);

        var (code, output) = await FenceAsync();

        Assert.True(code == ExitCodes.Refused && output.Contains("is not enrolled with the key that lies here", StringComparison.Ordinal), output);
    }

    [Fact]
    public async Task EndStatement_SignedByTwoPeople_IsTheirWordAndNobodyElses()
    {
        await _stage.GrantAsync(Token);
        string[] make = ["end-statement", .. Key, "--machine", "4c4c4544/disk-1", "--kind", "DestroyedInCustody", "--proof", "serial disk-1, safe 3", "--to", _stage["ended.json"], "--by", "carol"];
        var (made, output) = await RunAsync(make);
        Assert.True(made == 0, output);
        foreach (var name in SignerHostStage.People)
        {
            var (signed, words) = await RunAsync("end-sign", "--statement", _stage["ended.json"], "--key", _stage[$"keys/{name}.pem"], "--name", name, "--yes");
            Assert.True(signed == 0, words);
        }

        var statement = EndStatement.Read(await File.ReadAllBytesAsync(_stage["ended.json"], Token));
        var problems = new List<string>();
        var people = Activities.Signing.OfflineSignatures.Verify(statement.Bytes(), "it", statement.Signatures, _stage.Config.OfflineKeys, problems);
        Assert.Equal(SignerHostStage.People, people);
        Assert.True(EndStatementRules.MayCount(statement, SignerHostStage.Signer, "stage", "other/disk", false, people).Allowed);
        Assert.False(EndStatementRules.MayCount(statement, SignerHostStage.Signer, "stage", "other/disk", false, ["ann", "ann"]).Allowed);
        Assert.False(EndStatementRules.MayCount(statement, SignerHostStage.Signer, "stage", "4c4c4544/disk-1", false, people).Allowed);
        Assert.Empty(Activities.Signing.OfflineSignatures.Verify((statement with { Machine = "x/y" }).Bytes(), "it", statement.Signatures, _stage.Config.OfflineKeys, problems));
    }

    [Theory]
    [InlineData("4c4c4544/disk-1", "PoweredOff", "is no end")]
    [InlineData("nobody/disk", "DestroyedInCustody", "none of those who may sign")]
    public async Task EndStatement_OfWhatIsNoEndOrOfAStranger_IsRefused(string machine, string kind, string words)
    {
        await _stage.GrantAsync(Token);

        var (code, output) = await RunAsync("end-statement", "--chain", SignerHostStage.Signer.Chain, "--validator", SignerHostStage.Signer.Address, "--machine", machine, "--kind", kind, "--proof", "x", "--to", _stage["ended.json"], "--by", "carol");

        Assert.True(code != 0 && output.Contains(words, StringComparison.Ordinal), output);
        Assert.False(File.Exists(_stage["ended.json"]));
    }

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    private static string[] Key => ["--chain", SignerHostStage.Signer.Chain, "--validator", SignerHostStage.Signer.Address];

    private Task<(int Code, string Output)> FenceAsync() =>
        RunAsync(["fence-volume", .. Key, "--mount", Mount, "--disk", "sdb", "--hrs", "state.json", "--to", _stage["ended.json"], "--by", "carol"]);

    private async Task<(int Code, string Output)> RunAsync(params string[] args)
    {
        var program = _stage.Start(args);
        var code = await program.WaitAsync(Token);
        return (code, program.Output);
    }

    /// <summary>The register's epoch 1 is the dead machine's, whose volume is mounted; this machine is enrolled.</summary>
    private async Task PrepareAsync(string serial)
    {
        Directory.CreateDirectory(_stage["host/sys/block/sdb/device"]);
        await File.WriteAllTextAsync(_stage["host/sys/block/sdb/device/serial"], serial, Token);
        var view = await _stage.Register.ReadAsync(SignerHostStage.Signer, Token);
        await _stage.Register.PutAsync(
            view, new SlotObject { Kind = SlotKind.Holder, Signer = SignerHostStage.Signer, Register = "stage", Epoch = 1, Generation = 1, Holder = Dead, OfflineAllowed = [Dead], AskId = "1" }, Token);
        using var key = MachineKey.OpenOrCreate(_stage.Paths.MachineKey);
        Assert.True((await _stage.Register.EnrolAsync(new EnrolledMachine(_stage.Host.Machine, MachineKey.Public(key), "validator-0b"), Token)).Allowed);
        new RecordFile(Volume.Record).Update(_ => new MachineRecord { Register = "stage", Signer = SignerHostStage.Signer, Machine = Dead, Grant = 1, Epoch = 1 });
        await File.WriteAllTextAsync(Path.Combine(Mount, "state.json"), """{"height":"41","round":0,"step":3}""", Token);
    }
}
