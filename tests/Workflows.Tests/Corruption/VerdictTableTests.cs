using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Workflows.Corruption;
using Xunit;

namespace VirtEngine.DR.Workflows.Tests.Corruption;

/// <summary>The decision table, line by line.</summary>
public sealed class VerdictTableTests
{
    private static readonly NodeObservation Host = new() { At = DateTimeOffset.UnixEpoch, Process = ProcessState.Stopped, DataPresent = true };

    [Theory]
    [InlineData(Agreement.StateDiffers, 100, 99, false, CorruptionClass.StateOffByOne, 99, false)]
    [InlineData(Agreement.StateDiffers, 100, 99, true, CorruptionClass.StateOffByOne, 99, true)]
    [InlineData(Agreement.BlocksDiffer, 100, 95, false, CorruptionClass.StateDiverged, 95, true)]
    [InlineData(Agreement.BlocksDiffer, 100, 94, false, CorruptionClass.StateDiverged, null, false)]
    [InlineData(Agreement.BlocksDiffer, 1, 0, false, CorruptionClass.StateDiverged, null, false)]
    public void Decide_WrongState_GoesBackAsFarAsIsAllowed(Agreement verdict, long height, long good, bool ahead, CorruptionClass found, int? to, bool hard)
    {
        var decided = VerdictTable.Decide(Seen(verdict, height, good) with { BlockAhead = ahead });

        Assert.Equal((found, to, hard), (decided.Found, (int?)decided.RollbackTo, decided.Hard));
        Assert.Equal(to is null ? [Recoveries.Restore] : [Recoveries.Rollback, Recoveries.Restore], decided.Recoveries);
        Assert.Equal(good, decided.GoodHeight);
    }

    [Fact]
    public void Decide_PeopleKnowALowerGoodHeight_ItCounts()
    {
        Assert.Equal((97, true), Rollback(VerdictTable.Decide(Seen(Agreement.Agrees, 100, 100) with { NamedHeight = 97 })));
        Assert.Equal((97, true), Rollback(VerdictTable.Decide(Seen(Agreement.StateDiffers, 100, 99) with { NamedHeight = 97 })));
        Assert.Equal((99, false), Rollback(VerdictTable.Decide(Seen(Agreement.StateDiffers, 100, 99) with { NamedHeight = 300 })));
    }

    [Fact]
    public void Decide_TornStores_AreNeverRolledBack()
    {
        var decided = VerdictTable.Decide(Seen(Agreement.StateDiffers, 100, 99) with { Torn = ["data/state.db/000007.ldb: wrong checksum"] });

        Assert.Equal(CorruptionClass.TornStores, decided.Found);
        Assert.Equal([Recoveries.Restore], decided.Recoveries);
        Assert.Null(decided.RollbackTo);
    }

    [Fact]
    public void Decide_TornWalInTheLogButTheCheckFoundNothing_IsNotTorn() =>
        Assert.Equal(CorruptionClass.None, VerdictTable.Decide(Seen(Agreement.Agrees, 100, 100) with { Torn = [], Symptoms = [new(Symptoms.CorruptWal, "WAL file is corrupted")] }).Found);

    [Theory]
    [InlineData(Symptoms.ConflictingVote, CorruptionClass.TwoSigners)]
    [InlineData(Symptoms.UpgradeNeeded, CorruptionClass.UpgradeHalt)]
    [InlineData(Symptoms.NoSpace, CorruptionClass.NoSpace)]
    public void Decide_WhatForbidsAnAct_ComesBeforeWhatAsksForOne(string symptom, CorruptionClass found)
    {
        var decided = VerdictTable.Decide(Seen(Agreement.StateDiffers, 100, 99) with { Symptoms = [new(symptom, "line")], Torn = ["torn"] });

        Assert.Equal(found, decided.Found);
        Assert.True(decided.Helpless);
    }

    [Fact]
    public void Decide_OthersContradictEachOther_NothingIsDone()
    {
        var split = StateAgreementTests.Seen([StateAgreementTests.Node("a", 101, "G"), StateAgreementTests.Node("b", 101, "L")], (101, "a", "G", "B"), (101, "b", "L", "B"));

        var decided = VerdictTable.Decide(Seen(Agreement.StateDiffers, 100, 99) with { Chain = new(split, "me") });

        Assert.Equal(CorruptionClass.ChainWide, decided.Found);
        Assert.True(decided.Helpless);
    }

    [Fact]
    public void Decide_ChainStands_OnlyANodeThatDiffersIsMended()
    {
        var stands = StateAgreementTests.Seen([StateAgreementTests.Node("a", 101, "G") with { BlockTime = DateTimeOffset.UnixEpoch }], (101, "a", "G", "B"));

        Assert.Equal(CorruptionClass.ChainWide, VerdictTable.Decide(Seen(Agreement.Agrees, 100, 100) with { Chain = new(stands, "me") }).Found);
        Assert.Equal(CorruptionClass.StateOffByOne, VerdictTable.Decide(Seen(Agreement.StateDiffers, 100, 99) with { Chain = new(stands, "me") }).Found);
    }

    [Theory]
    [InlineData(Agreement.Agrees, 101, false, Recoveries.Rollback, 100, false)]
    [InlineData(Agreement.Agrees, 100, false, Recoveries.Rollback, 100, false)]
    [InlineData(Agreement.Agrees, 97, false, Recoveries.Rollback, 97, true)]
    [InlineData(Agreement.StateDiffers, 97, false, Recoveries.Restore, null, false)]
    [InlineData(Agreement.Unknown, 97, false, Recoveries.Restore, null, false)]
    [InlineData(Agreement.Agrees, 97, true, Recoveries.Restore, null, false)]
    [InlineData(Agreement.Agrees, 103, false, Recoveries.Restore, null, false)]
    public void Decide_ByThePlanForAll_UndoesAtMostOneAndStartsWhoeverIsBehind(Agreement verdict, int height, bool torn, string recovery, int? to, bool nothingUndone)
    {
        var stands = StateAgreementTests.Seen([StateAgreementTests.Node("a", 101, "G") with { BlockTime = DateTimeOffset.UnixEpoch }], (101, "a", "G", "B"));

        var decided = VerdictTable.Decide(Seen(verdict, height, height) with { Chain = new(stands, "me"), NamedHeight = 100, Coordinated = true, Torn = torn ? ["torn"] : [] });

        Assert.Equal(CorruptionClass.ChainWide, decided.Found);
        Assert.Equal([recovery], decided.Recoveries);
        Assert.Equal((to, nothingUndone, false), ((int?)decided.RollbackTo, decided.NothingUndone, decided.Hard));
    }

    [Fact]
    public void Decide_AnotherVersion_IsSaidAndNothingUndone()
    {
        var decided = VerdictTable.Decide(Seen(Agreement.StateDiffers, 100, 99) with { Version = "v0" });

        Assert.Equal(CorruptionClass.WrongBinary, decided.Found);
        Assert.True(decided.Helpless);
        Assert.Equal(CorruptionClass.None, VerdictTable.Decide(Seen(Agreement.Agrees, 100, 100) with { Version = "v0" }).Found);
    }

    [Fact]
    public void Decide_NothingIsKnown_IsUnknownUnlessItsLogSaysWhat()
    {
        Assert.Equal(CorruptionClass.Unknown, VerdictTable.Decide(Seen(Agreement.Unknown, null, null)).Found);
        var log = VerdictTable.Decide(Seen(Agreement.Unknown, null, null) with { Symptoms = [new(Symptoms.AppHash, "wrong Block.Header.AppHash")] });
        Assert.Equal(CorruptionClass.StateDiverged, log.Found);
        Assert.Equal([Recoveries.Restore], log.Recoveries);
    }

    private static (int?, bool) Rollback(Verdict verdict) => ((int?)verdict.RollbackTo, verdict.Hard);

    private static CorruptionEvidence Seen(Agreement verdict, long? height, long? good) => new()
    {
        Host = Host,
        State = new(verdict, height, good, "as compared"),
        Chain = new(StateAgreementTests.Seen([StateAgreementTests.Node("a", 101, "G"), StateAgreementTests.Node("b", 101, "G")], (101, "a", "G", "B"), (101, "b", "G", "B")), "me"),
        MaxBlockAge = TimeSpan.FromMinutes(1),
        Version = "v1",
    };
}
