using CsCheck;
using Xunit;

namespace VirtEngine.DR.Signing.Tests;

public sealed class DecisionTests
{
    private static readonly PossibleHolder Holder = new("m", 1, "asked");

    [Theory]
    [InlineData(EndKind.PoweredOff)]
    [InlineData(EndKind.Unreachable)]
    [InlineData(EndKind.KeyDisabled)]
    public void Judge_WhatIsNoEnd_IsRefusedByName(EndKind kind) =>
        Assert.Contains("no end", Assert.Single(Ends.Judge(Holder, 3, Evidence(kind), "n").Missing), StringComparison.Ordinal);

    [Theory]
    [InlineData(EndKind.InstanceAndVolumeDeleted)]
    [InlineData(EndKind.VolumeFenced)]
    [InlineData(EndKind.HsmAccessRevoked)]
    [InlineData(EndKind.DestroyedInCustody)]
    [InlineData(EndKind.FenceAdopted)]
    public void Judge_AnEnd_CountsForItsMachineAndEpochOnly(EndKind kind)
    {
        Assert.True(Ends.Judge(Holder, 3, Evidence(kind), "n").Allowed);
        Assert.False(Ends.Judge(Holder, 4, Evidence(kind), "n").Allowed);
        Assert.False(Ends.Judge(Holder with { Machine = "other" }, 3, Evidence(kind), "n").Allowed);
        Assert.False(Ends.Judge(Holder, 3, evidence: null, "n").Allowed);
    }

    [Fact]
    public void Judge_AFenceWithoutSignatureOrNonce_IsRefused()
    {
        Assert.False(Ends.Judge(Holder, 3, Evidence(EndKind.FenceAdopted) with { Signed = false }, "n").Allowed);
        Assert.False(Ends.Judge(Holder, 3, Evidence(EndKind.FenceAdopted), "another").Allowed);
        Assert.False(Ends.Judge(Holder, 3, Evidence(EndKind.FenceAdopted) with { Fence = 2 }, "n").Allowed);
        Assert.False(Ends.Judge(Holder, 3, Evidence(EndKind.DestroyedInCustody) with { Approvals = [new("a", "custody", "p"), new("a", "custody", "p")] }, "n").Allowed);
    }

    [Fact]
    public void Silence_NeedsTwoSourcesWithFreshBlocksAndNoSignature()
    {
        var seen = new SilenceObservation { Begin = 100, Rpcs = [Rpc("a", 110), Rpc("b", 111)] };

        Assert.True(SilenceRules.Decide(seen).Allowed);
        Assert.Equal(110, SilenceRules.ClosedAt(seen));
        Assert.False(SilenceRules.Decide(seen with { Rpcs = [Rpc("a", 110), Rpc("a", 120)] }).Allowed);
        Assert.False(SilenceRules.Decide(seen with { Rpcs = [Rpc("a", 110), Rpc("b", 109)] }).Allowed);
        Assert.False(SilenceRules.Decide(seen with { Rpcs = [Rpc("a", 110), Rpc("b", 111) with { Fresh = false }] }).Allowed);
        Assert.False(SilenceRules.Decide(seen with { Rpcs = [Rpc("a", 110), Rpc("b", 111) with { LookedFrom = 105 }] }).Allowed);
        Assert.False(SilenceRules.Decide(seen with { Rpcs = [Rpc("a", 110), Rpc("b", 111), Rpc("c", 90) with { LastSigned = 101 }] }).Allowed);
    }

    [Fact]
    public void Silence_OnAHaltedChain_NeedsTwoPeople()
    {
        var seen = new SilenceObservation { Begin = 100, Halted = true, Rpcs = [Rpc("a", 100) with { Fresh = false }, Rpc("b", 100) with { Fresh = false }] };
        SlotApproval Of(string by) => new(by, SilenceRules.HaltedApproval, "p");

        Assert.False(SilenceRules.Decide(seen).Allowed);
        Assert.False(SilenceRules.Decide(seen with { Approvals = [Of("alice"), Of("alice")] }).Allowed);
        Assert.True(SilenceRules.Decide(seen with { Approvals = [Of("alice"), Of("bob")] }).Allowed);
    }

    [Fact]
    public void Floor_IsNeverBelowAnythingKnown() =>
        Gen.Select(Gen.Long[0, 200], Gen.Long[0, 200], Gen.Long[0, 200]).Sample((register, file, signed) =>
        {
            var floor = FloorRules.Decide(new FloorObservation
            {
                Known = [new KnownHrs("register", new Hrs(register, 0, 3))],
                LastHolderFile = new Hrs(file, 1, 2),
                Rpcs = [Rpc("a", 200) with { LastSigned = signed }, Rpc("b", 199)],
            }).Floor;

            Assert.NotNull(floor);
            Assert.True(floor >= new Hrs(register, 0, 3) && floor >= new Hrs(file, 1, 2) && floor.Value.Height >= signed);
        });

    [Fact]
    public void Floor_WithoutTheLastHoldersFile_NeedsASilenceOrEverybodysVotes()
    {
        var seen = new FloorObservation { Known = [], Rpcs = [Rpc("a", 110), Rpc("b", 110)] };

        Assert.Null(FloorRules.Decide(seen).Floor);
        Assert.Equal(Hrs.AfterHeight(110), FloorRules.Decide(seen with { SilenceClosedAt = 110 }).Floor);
        Assert.Equal(Hrs.AfterHeight(110), FloorRules.Decide(seen with { Approvals = [new("alice", FloorRules.AllVoteSets, "p")] }).Floor);
    }

    [Fact]
    public void Floor_WhereTheChainShowsALaterSignatureThanTheLastHoldersFile_TakesTheFileForOld()
    {
        var seen = new FloorObservation { Known = [], LastHolderFile = new Hrs(90, 0, 3), Rpcs = [Rpc("a", 150), Rpc("b", 150)], AboveFile = [Rpc("a", 150) with { LastSigned = 128 }, Rpc("b", 150)] };

        Assert.Contains("128: it is old", Assert.Single(FloorRules.Decide(seen).Missing), StringComparison.Ordinal);
        Assert.Equal(Hrs.AfterHeight(148), FloorRules.Decide(seen with { SilenceClosedAt = 148 }).Floor);
        Assert.Equal(new Hrs(90, 0, 3), FloorRules.Decide(seen with { AboveFile = [Rpc("a", 150), Rpc("b", 150)] }).Floor);
    }

    [Fact]
    public void Floor_FarAboveTheSecondHighestHeight_IsRefused()
    {
        var lying = new FloorObservation { Known = [], LastHolderFile = Hrs.Zero, Rpcs = [Rpc("liar", 900_000) with { LastSigned = 900_000 }, Rpc("b", 110), Rpc("c", 111)] };

        Assert.Contains("is wrong", Assert.Single(FloorRules.Decide(lying).Missing), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_ASlot_IsCanonicalAndReadsBack() =>
        Gen.Select(Gen.Long[1, 1_000_000], Gen.String, Gen.Int[1, 5]).Sample((epoch, who, count) =>
        {
            var signer = new SignerName("chain-1", new string('D', 40));
            var value = new SlotObject
            {
                Kind = SlotKind.Holder,
                Signer = signer,
                Register = "r",
                Epoch = epoch,
                Generation = count,
                Holder = "h" + who,
                AskedBy = who,
                AskId = "id",
                Evidence = [.. Enumerable.Range(0, count).Select(_ => Evidence(EndKind.FenceAdopted))],
            };
            var bytes = SlotBytes.Write(value);

            Assert.Equal(bytes, SlotBytes.Write(SlotBytes.Read(bytes, signer, epoch).Object));
            Assert.Throws<InvalidDataException>(() => SlotBytes.Read(bytes, signer, epoch + 1));
            Assert.Throws<InvalidDataException>(() => SlotBytes.Read([.. bytes, (byte)' '], signer, epoch));
            Assert.Equal(epoch, RegisterKeys.EpochOf(signer, RegisterKeys.Slot(signer, epoch)));
        }, iter: 200);

    [Fact]
    public void Missing_ForAGrant_NamesEverythingAtOnce()
    {
        var view = new RegisterView(new SignerName("c", ""), null, [new BucketView("a", null, "cut off")]);
        var missing = SignerRules.Instance.Ask(new AskObservation
        {
            Sealed = view,
            Generation = 1,
            Epoch = 3,
            Holder = "m",
            Ends = [],
            Floor = new FloorDecision(null, ["no floor"]),
            Silence = Decision.No("no silence"),
        }).Missing;

        Assert.Contains(missing, item => item.Contains("members", StringComparison.Ordinal));
        Assert.Contains(missing, item => item.Contains("Unknown", StringComparison.Ordinal));
        Assert.Contains("no floor", missing);
        Assert.Contains("no silence", missing);
    }

    private static RpcSight Rpc(string source, long height) => new(source, height, Fresh: true, LastSigned: null, LookedFrom: 0);

    private static EndEvidence Evidence(EndKind kind) => new()
    {
        Machine = "m",
        Below = 3,
        Kind = kind,
        Fence = 3,
        BootId = "b",
        Nonce = "n",
        Signed = true,
        Proof = ["shown"],
        Approvals = [new("alice", "custody", "p"), new("bob", "custody", "p")],
    };
}
