using System.Text.Json.Nodes;
using VirtEngine.DR.Signing;
using VirtEngine.DR.Starter.Tests.Support;
using Xunit;

namespace VirtEngine.DR.Starter.Tests.Signers;

/// <summary>The register's and the enrolment's commands over folders. Proving a signer that signs is shown on the real chain (Peers.Tests) and in Signing.Tests.</summary>
public sealed class SignerEnrolCommandTests : IAsyncDisposable
{
    private readonly SignerHostStage _stage = new();

    [Fact]
    public async Task RegisterInit_InEmptyBuckets_PrintsTheIdForTheEstateOnce()
    {
        var estate = _stage.Estate(null, "x", "y", "z");
        var dry = await RunAsync("signer", "register", "init", "--estate", estate, "--dry-run");
        Assert.True(dry.Code == 0 && dry.Output.Contains("under a new id, into: x, y, z", StringComparison.Ordinal), dry.Output);
        Assert.Empty(Directory.EnumerateFiles(_stage["x"], "*", SearchOption.AllDirectories));

        var made = await RunAsync("signer", "register", "init", "--estate", estate, "-o", "json");
        var id = JsonNode.Parse(made.Output)!["register"]!.GetValue<string>();
        var again = await RunAsync("signer", "register", "init", "--estate", _stage.Estate(id, "x", "y", "z"));

        Assert.Equal((0, 0), (made.Code, again.Code));
        Assert.Contains($"register {id}: it was made before", again.Output, StringComparison.Ordinal);
        File.Delete(Path.Combine(_stage["x"], RegisterKeys.Members(1)));
        var refused = await RunAsync("signer", "register", "init", "--estate", _stage.Estate(id, "x", "y", "z"));
        Assert.True(refused.Code == ExitCodes.Refused && refused.Output.Contains("forgotten every grant", StringComparison.Ordinal), refused.Output);
        Directory.Delete(_stage["y"], recursive: true);
        var estateText = await File.ReadAllTextAsync(estate, TestContext.Current.CancellationToken);
        Assert.Contains("signing:", estateText, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Unreachable, (await RunAsync("signer", "register", "init", "--estate", estate)).Code);
    }

    [Fact]
    public async Task Enrol_AKeyThatNeverSigned_WritesTheGateAndSaysWhatIsNext()
    {
        File.Delete(_stage.Paths.Gate);
        string[] enrol = ["signer", "enrol", "--estate", _stage.Estate("stage", "a", "b", "c"), "--node", "validator-0", "--never-signed", "--approved-by", "ann", "--approved-by", "bob"];
        var first = await RunAsync(enrol);
        var second = await RunAsync(enrol);

        Assert.True(first.Code == 0, first.Output);
        Assert.Contains($"virtengine-dr, signer, exec, --chain, stage-1, --validator, {SignerHostStage.Signer.Address}, --, virtengine, start", first.Output, StringComparison.Ordinal);
        Assert.True(second.Code == 0 && second.Output.Contains("was enrolled before", StringComparison.Ordinal), second.Output);
        var gate = GateConfig.Read(_stage.Paths.Gate);
        Assert.Equal(("stage", _stage["home/data/priv_validator_state.json"], 3, 2), (gate.Register, gate.HrsFile, gate.Buckets.Count, gate.OfflineKeys.Count));
        Assert.Equal(1, new RecordFile(_stage.Paths.Record).Read()!.Grant);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_stage.Paths.MachineKey));

        // Another machine of the same key, and a machine whose key was replaced.
        await File.WriteAllTextAsync(_stage["host/sys/class/dmi/id/product_uuid"], "another", TestContext.Current.CancellationToken);
        var other = await RunAsync(enrol);
        Assert.True(other.Code == ExitCodes.Refused && other.Output.Contains("never by enrolling again", StringComparison.Ordinal), other.Output);
        await File.WriteAllTextAsync(_stage["host/sys/class/dmi/id/product_uuid"], "4c4c4544", TestContext.Current.CancellationToken);
        File.Delete(_stage.Paths.MachineKey);
        var replaced = await RunAsync(enrol);
        Assert.True(replaced.Code == ExitCodes.Refused && replaced.Output.Contains("another key of machine", StringComparison.Ordinal), replaced.Output);

        // Two people give it another one.
        string[] rekey = ["signer", "rekey", "--chain", "stage-1", "--validator", SignerHostStage.Signer.Address, "--reason", "the file was deleted", "--by", "ann", "--approved-by", "ann"];
        var alone = await RunAsync(rekey);
        Assert.True(alone.Code == ExitCodes.Usage && alone.Output.Contains("two people", StringComparison.Ordinal), alone.Output);
        var given = await RunAsync([.. rekey, "--approved-by", "bob"]);
        Assert.True(given.Code == 0 && given.Output.Contains("has key generation 2; every older one is refused", StringComparison.Ordinal), given.Output);
        Assert.Equal(0, (await RunAsync([.. rekey, "--approved-by", "bob"])).Code);
        var after = await RunAsync(enrol);
        Assert.True(after.Code == 0 && after.Output.Contains("was enrolled before", StringComparison.Ordinal), after.Output);
    }

    [Fact]
    public async Task Enrol_Standby_IsKnownAndGrantedNothing()
    {
        string[] standby = ["signer", "enrol", "--estate", _stage.Estate("stage", "a", "b", "c"), "--node", "validator-0", "--standby"];
        var unknown = await RunAsync(standby);
        Assert.True(unknown.Code == ExitCodes.Refused && unknown.Output.Contains("enrol the machine that signs now first", StringComparison.Ordinal), unknown.Output);
        await RunAsync([.. standby[..^1], "--never-signed", "--approved-by", "ann", "--approved-by", "bob"]);
        File.Delete(_stage.Paths.Record);

        // Another host: its own identity, key and files.
        await File.WriteAllTextAsync(_stage["host/sys/class/dmi/id/product_uuid"], "another", TestContext.Current.CancellationToken);
        File.Delete(_stage.Paths.MachineKey);
        File.Delete(_stage.Paths.Gate);
        var first = await RunAsync(standby);
        var again = await RunAsync(standby);

        Assert.True(first.Code == 0 && first.Output.Contains("its gate starts nothing", StringComparison.Ordinal) && first.Output.Contains("run SignerMove --node validator-0", StringComparison.Ordinal), first.Output);
        Assert.True(again.Code == 0 && again.Output.Contains("known already", StringComparison.Ordinal), again.Output);
        Assert.True(File.Exists(_stage.Paths.Gate));
        Assert.False(File.Exists(_stage.Paths.Record));
        Assert.NotNull(await _stage.Register.MachineAsync("another/disk-1", TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(ExitCodes.Usage, "--standby and --never-signed exclude each other", "stage", "--node", "validator-0", "--standby", "--never-signed", "--approved-by", "ann", "--approved-by", "bob")]
    [InlineData(ExitCodes.Usage, "names no register", null, "--node", "validator-0")]
    [InlineData(ExitCodes.NotFound, "There are: validator-0, validator-1", "stage", "--node", "none")]
    [InlineData(ExitCodes.Usage, "has no 'signer'", "stage", "--node", "validator-1")]
    [InlineData(ExitCodes.Usage, "needs --approved-by NAME twice", "stage", "--node", "validator-0", "--never-signed")]
    [InlineData(ExitCodes.Usage, "names one person twice", "stage", "--node", "validator-0", "--never-signed", "--approved-by", "ann", "--approved-by", "Ann")]
    [InlineData(ExitCodes.Usage, "--within is 1 to 86400", "stage", "--node", "validator-0", "--within", "0")]
    [InlineData(ExitCodes.Refused, "is of register 'stage' and not of 'another'", "another", "--node", "validator-0")]
    [InlineData(ExitCodes.Refused, "the HRS file stays at 0/0/0", "stage", "--node", "validator-0", "--within", "1")]
    public async Task Enrol_WithBadInput_SaysWhatIsWrongAndGrantsNothing(int code, string words, string? register, params string[] args)
    {
        var result = await RunAsync(["signer", "enrol", "--estate", _stage.Estate(register, "a", "b", "c"), .. args]);

        Assert.True(result.Code == code, result.Output);
        Assert.Contains(words, result.Output, StringComparison.Ordinal);
        Assert.False(File.Exists(_stage.Paths.Record));
        Assert.False(Directory.Exists(Path.Combine(_stage["a"], "signers")));
    }

    [Fact]
    public async Task RegisterRepair_OfALostBucket_NeedsAnotherPersonAndGoesOn()
    {
        await _stage.GrantAsync(TestContext.Current.CancellationToken);
        _stage.CutOff("c");
        var estate = _stage.Estate("stage", "a", "b", "d");
        string[] repair = ["signer", "register", "repair", "--estate", estate, "--lost", "c", "--replacement", "d", "--by", "alice"];

        Assert.Equal(ExitCodes.Usage, (await RunAsync(repair)).Code);
        Assert.Equal(ExitCodes.Usage, (await RunAsync([.. repair, "--approved-by", "Alice"])).Code);
        var plan = await RunAsync([.. repair, "--dry-run"]);
        Assert.True(plan.Code == 0 && plan.Output.Contains("epoch 1: Holder 4c4c4544/disk-1", StringComparison.Ordinal), plan.Output);
        Assert.False(Directory.Exists(Path.Combine(_stage["d"], "signers")));
        var done = await RunAsync([.. repair, "--approved-by", "bob"]);
        Assert.True(done.Code == 0 && done.Output.Contains("generation 2 is in force: a, b, d", StringComparison.Ordinal), done.Output);
        Assert.Equal(0, (await RunAsync([.. repair, "--approved-by", "bob"])).Code);
        Assert.Equal(ExitCodes.Refused, (await RunAsync("signer", "register", "repair", "--estate", estate, "--lost", "x", "--replacement", "d", "--approved-by", "bob")).Code);
    }

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    private async Task<(int Code, string Output)> RunAsync(params string[] args)
    {
        var io = new TestIo();
        io.Environment["VIRTENGINE_SIGNER_ROOT"] = _stage.Root;
        var code = await io.RunAsync(args);
        return (code, io.Output + (args.Contains("json") ? "" : io.Error));
    }
}
