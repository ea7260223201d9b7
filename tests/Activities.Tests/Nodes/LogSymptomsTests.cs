using VirtEngine.DR.Activities.Nodes;
using VirtEngine.DR.Contracts.Nodes;

namespace VirtEngine.DR.Activities.Tests.Nodes;

/// <summary>Lines that nodes of a real chain wrote after their files were broken, and lines of healthy ones.</summary>
public sealed class LogSymptomsTests
{
    [Theory]
    [InlineData("panic: failed to load latest version: failed to load store: version does not exist [cosmossdk.io/store@v1.1.2/rootmulti/store.go:264]", Symptoms.CorruptStore)]
    [InlineData("panic: failed to load validator set at height 287: couldn't find validators at height 1 (height 287 was originally requested): value retrieved from db is empty", Symptoms.CorruptStore)]
    [InlineData("failed to initialize database: database entry point either missing or corrupted", Symptoms.CorruptStore)]
    [InlineData("panic: StoreBlockHeight (287) > StateBlockHeight + 1 (1)", Symptoms.CorruptStore)]
    [InlineData("ERR UPGRADE \"v2.0.0\" NEEDED at height: 120: module=upgrade", Symptoms.UpgradeNeeded)]
    [InlineData("write /data/000012.log: no space left on device", Symptoms.NoSpace)]
    [InlineData("ERR found conflicting vote from ourselves; did you unsafe_reset a validator? height=8", Symptoms.ConflictingVote)]
    [InlineData("panic: Failed to process committed block (9:AB): wrong Block.Header.AppHash.  Expected 01, got 02", Symptoms.AppHash)]
    [InlineData("ERR the WAL file is corrupted; attempting repair err=\"DataCorruptionError\"", Symptoms.CorruptWal)]
    public void Read_LineOfABrokenNode_NamesWhatAilsIt(string line, string kind) =>
        Assert.Equal([new Symptom(kind, line)], LogSymptoms.Read($"INF started node\n{line}\nINF more\n{line}"));

    [Fact]
    public void Read_LogOfAHealthyNode_IsEmpty() => Assert.Empty(LogSymptoms.Read(
        "INF Completed ABCI Handshake - CometBFT and App are synced appHash=20D5 appHeight=287 module=consensus\nINF upgrade module loaded\n"
        + "ERR failed to create state snapshot err=\"a more recent snapshot already exists at height 280: conflict\"\n"));

    [Fact]
    public void Read_NoLog_IsEmpty() => Assert.Empty(LogSymptoms.Read(null));
}
