using System.Text.Json.Nodes;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Starter.Backups;
using VirtEngine.DR.Starter.Connection;
using VirtEngine.DR.Starter.Session;
using VirtEngine.DR.Starter.Tests.Support;
using Xunit;

namespace VirtEngine.DR.Starter.Tests.Backups;

/// <summary>What backup workflows did, as text, JSON and exit code.</summary>
public sealed class JobOutputTests
{
    private static readonly BackupRef Backup = new()
    {
        Chain = "c-1",
        Node = "fullnode-0",
        Kind = BackupKinds.ChainState,
        Id = "45-20260301T120000Z-0123456789abcdef",
        ManifestKey = "k",
        Digest = "d",
        Height = 45,
        Files = 23,
        Bytes = 601_000,
    };

    private static readonly BackupReceipt Receipt = new(Backup, ["us-east-1", "eu-west-1"], [], 400_000, 3, TimeSpan.FromMilliseconds(42), "frozen");

    [Fact]
    public async Task Write_BackupEverywhere_IsOkAndNamesPauseAndRegions()
    {
        var (code, output) = await WriteAsync(session => JobOutput.Write(session, new BackupOutcome([Receipt], [])));
        Assert.Equal(ExitCodes.Ok, code);
        Assert.Contains("height 45, 23 files, 601 kB, 400 kB uploaded, 3 files reused; paused 42 ms (frozen)", output, StringComparison.Ordinal);
        Assert.Contains("in us-east-1, eu-west-1", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_RegionMissing_IsPartialAndSaysWhy()
    {
        var (code, output) = await WriteAsync(session => JobOutput.Write(session, new BackupOutcome([Receipt with { MissingRegions = ["ap-south-1: 503"] }], [])));
        Assert.Equal(ExitCodes.Partial, code);
        Assert.Contains("FAILED not replicated: fullnode-0: ap-south-1: 503", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_NoBackup_IsFailed() =>
        Assert.Equal(ExitCodes.Failed, (await WriteAsync(session => JobOutput.Write(session, new BackupOutcome([], ["fullnode-0: node worker absent"])))).Code);

    [Fact]
    public async Task Write_Json_IsTheOutcomeItself()
    {
        var (_, output) = await WriteAsync(session => JobOutput.Write(session, new BackupOutcome([Receipt], [])), json: true);
        var json = JsonNode.Parse(output)!;
        Assert.Equal(45, json["backups"]![0]!["backup"]!["height"]!.GetValue<long>());
        Assert.Equal("us-east-1", json["backups"]![0]!["regions"]![0]!.GetValue<string>());
        Assert.Empty(json["failures"]!.AsArray());
    }

    [Fact]
    public async Task Write_OneVerificationFailed_IsFailedHoweverManyPassed()
    {
        var report = new VerificationReport(Backup, "us-east-1", 4, Samples.Start, 46, ["app hash equals"]);
        var (code, output) = await WriteAsync(session => JobOutput.Write(session, new VerifyOutcome([report], ["eu-west-1: object missing"])));
        Assert.Equal(ExitCodes.Failed, code);
        Assert.Contains("rung 4 (proven), height 46", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_NothingVerified_IsFailed() =>
        Assert.Equal(ExitCodes.Failed, (await WriteAsync(session => JobOutput.Write(session, new VerifyOutcome([], [])))).Code);

    [Fact]
    public async Task Write_PruneDryRun_SaysThatNothingWasDeleted()
    {
        var (_, output) = await WriteAsync(session => JobOutput.Write(
            session, new PruneOutcome(true, [new PruneDecision("us-east-1", "c-1/fullnode-0/chain-state/1.json", false, "no rule keeps it")], 0, 0)));
        Assert.Contains("delete us-east-1", output, StringComparison.Ordinal);
        Assert.Contains("nothing was deleted", output, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output)> WriteAsync(Func<CliSession, int> write, bool json = false)
    {
        var io = new TestIo();
        await using var session = new CliSession(io.Io, new GlobalSettings(json, "estate.yaml", "alice", false, new ServerFlags()));
        return (write(session), io.Output);
    }
}
