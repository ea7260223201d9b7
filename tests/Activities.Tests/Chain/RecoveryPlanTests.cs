using System.Text.Json;
using VirtEngine.DR.Activities.Backups;
using VirtEngine.DR.Activities.Chain.CometBft;
using VirtEngine.DR.Activities.Chain.Recovery;
using VirtEngine.DR.Activities.ObjectStore;
using VirtEngine.DR.Activities.Tests.Support;
using VirtEngine.DR.Backups;
using VirtEngine.DR.Backups.Signing;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Contracts.Recovery;

namespace VirtEngine.DR.Activities.Tests.Chain;

/// <summary>A plan for a whole chain is signed only where the host sees the same, kept where it verifies, and counts what others do after it and nothing before.</summary>
public sealed class RecoveryPlanTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly TempFolder _folder = new();
    private readonly PlanRpcs _rpcs = new PlanRpcs().Add("a", 101, "AA", "BB").Add("b", 100, null, "AA");

    [Fact]
    public async Task Facts_FromTheNextBlockAndFromAnApplicationThatStandsThere()
    {
        var facts = await Activities().FactsAsync(Query());

        Assert.Equal("AA", facts.AppHash);
        Assert.Equal(["a", "b"], facts.Agreed);
        Assert.Equal(3, facts.Validators.Count);
    }

    [Fact]
    public async Task Facts_NodesContradictEachOther_IsNoPlan()
    {
        _rpcs.Add("c", 100, null, "FF");

        var failure = await Make.FailureAsync(Activities().FactsAsync(Query()));

        Assert.Equal(ErrorTypes.Untrusted, failure.ErrorType);
        Assert.Contains("c FF", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Facts_NobodyShowsThatHeight_SaysWhoStandsWhere()
    {
        var failure = await Make.FailureAsync(Activities().FactsAsync(Query() with { Height = 500 }));

        Assert.Equal(ErrorTypes.Unavailable, failure.ErrorType);
        Assert.Contains("b: stands at height 100", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keep_ASignedPlan_IsThereTwiceTheSameAndVerifiesOffline()
    {
        var (slice, plan) = (Slice(), Plan());
        var signed = await SignAsync(slice, plan);

        var first = await Activities().KeepAsync(new(slice, slice.Buckets[0], signed));
        Assert.Equal(first, await Activities().KeepAsync(new(slice, slice.Buckets[0], signed)));

        var file = Path.Combine(_folder.File("r1"), first.Key);
        var (read, key) = RecoveryPlanFiles.Verify(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken), await File.ReadAllBytesAsync(RecoveryPlanFiles.SignatureOf(file), TestContext.Current.CancellationToken), Trust(slice), file);
        Assert.Equal((signed.KeyId, plan.AppHash, plan.Height), (key, read.AppHash, read.Height));
        Assert.Equal(RecoveryPlanBytes.Digest(signed.Body), RecoveryPlanBytes.Digest(RecoveryPlanBytes.Write(read)));
    }

    [Fact]
    public async Task Keep_AnotherPlanUnderTheSameName_IsRefused()
    {
        var slice = Slice();
        await Activities().KeepAsync(new(slice, slice.Buckets[0], await SignAsync(slice, Plan())));

        var failure = await Make.FailureAsync(Activities().KeepAsync(new(slice, slice.Buckets[0], await SignAsync(slice, Plan() with { Version = "v3" }))));

        Assert.Equal(ErrorTypes.Conflict, failure.ErrorType);
    }

    [Fact]
    public async Task Keep_ChangedAfterItWasSigned_IsNotBelieved()
    {
        var slice = Slice();
        var signed = await SignAsync(slice, Plan());
        signed.Body[^20] ^= 1;

        var failure = await Make.FailureAsync(Activities().KeepAsync(new(slice, slice.Buckets[0], signed)));

        Assert.True(failure.ErrorType is ErrorTypes.Untrusted, $"{failure.ErrorType}: {failure.Message}");
    }

    [Fact]
    public async Task Verify_AKeyThatMaySignOnlyBackups_IsNotBelieved()
    {
        var slice = Slice();
        var signed = await SignAsync(slice, Plan());
        var pem = slice.Backups.SigningKeys[0].PublicKey;

        var refused = Assert.Throws<BackupException>(() => RecoveryPlanFiles.Verify(signed.Body, signed.Signature, new([VerifyKeys.FromPem(pem, kinds: ["chain-state"])]), "plan"));

        Assert.Equal(BackupErrorCodes.SignatureScope, refused.Code);
        Assert.Equal(BackupErrorCodes.SignatureMissing, Assert.Throws<BackupException>(() => RecoveryPlanFiles.Verify(signed.Body, null, new([VerifyKeys.FromPem(pem)]), "plan")).Code);
    }

    [Fact]
    public async Task Sign_WhatTheHostDoesNotSeeOrNobodyApproved_IsRefused()
    {
        var slice = Slice();
        var lie = Plan() with { AppHash = "FF" };

        Assert.Contains("FF in the plan: not signed", (await Make.FailureAsync(SignAsync(slice, lie))).Message, StringComparison.Ordinal);
        Assert.Contains("was approved: not signed", (await Make.FailureAsync(Signing().SignAsync(new(slice, Plan(), new string('0', 64))))).Message, StringComparison.Ordinal);
        Assert.Contains("is not signed by", (await Make.FailureAsync(SignAsync(slice, Plan() with { ChainId = "other" }))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_OnlyWhatIsYoungerThanThePlanAndAboveItsHeightCounts()
    {
        var watch = new PlanWatch(PlanRpcs.Chain, _rpcs.Endpoints, 100, Noon, Plan().Validators, [], 20, TimeSpan.Zero);

        // The votes of before the halt are still shown, and so is the last block's commit.
        (_rpcs.Votes, _rpcs.Signers) = ([new(101, "AAAAAAAAAAAA", Noon - TimeSpan.FromHours(1)), new(100, "BBBBBBBBBBBB", Noon + TimeSpan.FromHours(1))], [new string('B', 40)]);
        Assert.Equal(0, (await Activities().WatchAsync(watch)).Power);

        _rpcs.Votes = [new(102, "AAAAAAAAAAAA", Noon + TimeSpan.FromMinutes(1)), new(102, "CCCCCCCCCCCC", Noon + TimeSpan.FromMinutes(1))];
        var progress = await Activities().WatchAsync(watch);
        Assert.Equal(10, progress.Power);
        Assert.Equal([new string('A', 40), new string('C', 40)], progress.Seen);

        // The key of our own node is seen, and is not one of the others.
        _rpcs.BlockTime = Noon + TimeSpan.FromMinutes(2);
        Assert.Equal(20, (await Activities().WatchAsync(watch)).Power);
    }

    [Fact]
    public void RoundVotes_AsCometBftShowsThem_AreReadAndEmptyOnesLeftOut()
    {
        var json = JsonDocument.Parse("""
            {"round_state":{"height/round/step":"12/1/4","height_vote_set":[
              {"round":0,"prevotes":["nil-Vote","Vote{1:8D6DA5E8A3A2 12/00/SIGNED_MSG_TYPE_PREVOTE(Prevote) 5BF5D3A1C4C5 5BF5D3A1C4C5 000000000000 @ 2026-03-01T12:00:01.123456789Z}"],"prevotes_bit_array":"BA{2:_x} 10/20 = 0.50",
               "precommits":["nil-Vote","nil-Vote"]},
              {"round":1,"prevotes":["Vote{0:0011AABBCCDD 12/01/SIGNED_MSG_TYPE_PREVOTE(Prevote) 000000000000 5BF5D3A1C4C5 000000000000 @ 2026-03-01T12:00:05Z}"],"precommits":null}]}}
            """);

        var votes = RoundVotes.Read(json.RootElement);

        Assert.Equal([(12L, "8D6DA5E8A3A2"), (12L, "0011AABBCCDD")], votes.Select(vote => (vote.Height, vote.AddressStart)));
        Assert.Equal(Noon + TimeSpan.FromSeconds(5), votes[1].At);
    }

    public void Dispose() => _folder.Dispose();

    private RecoveryPlanActivities Activities() => new(_rpcs, new RepositoryAccess(new ObjectStoreFactory(), new KeyWrapperFactory()));

    private RecoveryPlanSigningActivities Signing() => new(_rpcs);

    private Task<SignedPlan> SignAsync(NodeSlice slice, RecoveryPlan plan) => Signing().SignAsync(new(slice, plan, RecoveryPlanBytes.Digest(RecoveryPlanBytes.Write(plan))));

    private PlanQuery Query() => new(PlanRpcs.Chain, _rpcs.Endpoints, 100);

    private static TrustStore Trust(NodeSlice slice) => new([VerifyKeys.FromPem(slice.Backups.SigningKeys[0].PublicKey)]);

    private static RecoveryPlan Plan() => new()
    {
        ChainId = PlanRpcs.Chain,
        Height = 100,
        AppHash = "AA",
        Agreed = ["a"],
        Version = "v2",
        MadeAt = Noon,
        Deadline = Noon + TimeSpan.FromHours(24),
        Run = "run",
        Signer = "full-0",
        Validators = [new(new string('A', 40), 10, null), new(new string('B', 40), 10, null), new(new string('C', 40), 10, "validator-0")],
    };

    private NodeSlice Slice()
    {
        var file = _folder.File("signing.pem");
        if (!File.Exists(file))
        {
            File.WriteAllText(file, PemSigner.Generate().PrivateKeyPem);
        }

        using var signer = PemSigner.Load(File.ReadAllText(file));
        return new(
            new NodeTarget(new NodeSpec { Name = "full-0", Kind = NodeKind.Full, Region = "r1", Home = _folder.File("home"), Control = new() { Type = "process" } }, new ChainSpec { Id = PlanRpcs.Chain }, "digest"),
            [new BucketSpec { Url = "file://" + _folder.File("r1"), Region = "r1" }],
            _rpcs.Endpoints, new BackupSpec { SigningKeys = [new("k", signer.PublicKeyPem(), ["*"], ["recovery-plan"], file, null)] }, new ApprovalSpec(), [], [], true);
    }
}
