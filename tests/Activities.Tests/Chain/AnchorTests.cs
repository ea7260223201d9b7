using VirtEngine.DR.Activities.Backups;
using VirtEngine.DR.Activities.Chain;
using VirtEngine.DR.Activities.Chain.Anchors;
using VirtEngine.DR.Activities.ObjectStore;
using VirtEngine.DR.Activities.Tests.Support;
using VirtEngine.DR.Backups.Signing;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Nodes;

namespace VirtEngine.DR.Activities.Tests.Chain;

/// <summary>What several RPCs say becomes an anchor only where they agree; what a bucket holds counts only where it verifies.</summary>
public sealed class AnchorTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly TempFolder _folder = new();
    private readonly FakeRpcs _rpcs = new();
    private readonly CancellationToken _token = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("AAA", true, 0)]
    [InlineData("AAAB", true, 1)]
    [InlineData("AAAAB", true, 1)]
    [InlineData("AAABB", false, 0)]
    [InlineData("AAB", false, 0)]
    [InlineData("ABC", false, 0)]
    [InlineData("AAABBB", false, 0)]
    public void Decide_ByWhoSaysWhat(string says, bool trusted, int dissent)
    {
        var query = new AnchorQuery("virtengine-1", [], 5, 3);
        AnchorVote[] votes = [.. says.Select((hash, i) => new AnchorVote($"n{i}", new string(hash, 64), Noon))];
        if (!trusted)
        {
            var failure = Assert.Throws<Temporalio.Exceptions.ApplicationFailureException>(() => AnchorAgreement.Decide(query, 100, votes, [], Noon));
            Assert.Equal((ErrorTypes.Untrusted, true), (failure.ErrorType, failure.NonRetryable));
            Assert.All(votes, vote => Assert.Contains(vote.Node, failure.Message, StringComparison.Ordinal));
            return;
        }

        var anchor = AnchorAgreement.Decide(query, 100, votes, [], Noon);
        Assert.Equal((new string('A', 64), dissent), (anchor.Hash, anchor.Disagree.Count));
    }

    [Fact]
    public async Task Mistake21_RpcsABlockApart_AreComparedAtOneSettledHeight()
    {
        _rpcs.Add("a", 100).Add("b", 101).Add("c", 102);

        var anchor = await new AnchorAgreement(_rpcs, Query()).AskAsync(_token);

        Assert.Equal((98, 3), (anchor.Height, anchor.Agreed.Count));
        Assert.All(_rpcs.Asked, asked => Assert.Equal(98, asked));
    }

    [Fact]
    public async Task Agree_SilentLaggingTwinAndForeign_DoNotCountAndAreNamed()
    {
        _rpcs.Add("a", 100).Add("b", 100).Add("silent", null).Add("old", 10).Add("foreign", 100, chain: "other-1").Add("alias", 100, id: "id-a");

        var failure = await Assert.ThrowsAsync<Temporalio.Exceptions.ApplicationFailureException>(() => new AnchorAgreement(_rpcs, Query()).AskAsync(_token));

        Assert.Equal(ErrorTypes.Unavailable, failure.ErrorType);
        foreach (var word in new[] { "2 of 6", "silent: ", "old: is 90 blocks behind", "foreign: is of chain 'other-1'", "alias: is the same node as a" })
        {
            Assert.Contains(word, failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Keep_ThenFind_IsVerifiedAndTwiceChangesNothing()
    {
        _rpcs.Add("a", 100).Add("b", 100).Add("c", 100);
        var slice = Slice();
        var activities = Activities();
        var signed = await new AnchorSigningActivities(_rpcs).SignAsync(new(slice, await activities.AgreeAsync(Query())));

        foreach (var bucket in slice.Buckets)
        {
            var first = await activities.KeepAsync(new(slice, bucket, signed));
            Assert.Equal(first, await activities.KeepAsync(new(slice, bucket, signed)));
        }

        var found = await activities.FindAsync(new(slice, 0, Noon - TimeSpan.FromDays(1)));
        Assert.Equal((98, signed.KeyId, "full-0"), (found.Anchor!.Height, found.KeyId, found.Anchor.Signer));
        Assert.Null((await activities.FindAsync(new(slice, 0, Noon + TimeSpan.FromDays(1)))).Anchor);
    }

    [Fact]
    public async Task Find_ForgedAnchor_IsNotBelievedAndTheOtherRegionsIs()
    {
        _rpcs.Add("a", 100).Add("b", 100).Add("c", 100);
        var slice = Slice();
        var activities = Activities();
        var signed = await new AnchorSigningActivities(_rpcs).SignAsync(new(slice, await activities.AgreeAsync(Query())));
        var receipt = await activities.KeepAsync(new(slice, slice.Buckets[0], signed));
        await activities.KeepAsync(new(slice, slice.Buckets[1], signed));
        var file = Path.Combine(_folder.File("r1"), receipt.Key);
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file, _token)).Replace("\"height\":98", "\"height\":99", StringComparison.Ordinal), _token);

        var found = await activities.FindAsync(new(slice, 0, Noon - TimeSpan.FromDays(1)));

        Assert.Equal((98, "r2"), (found.Anchor!.Height, found.Region));
        Assert.Contains("does not fit its signature", Assert.Single(found.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sign_AHashThatTheHostDoesNotSee_IsRefused()
    {
        _rpcs.Add("a", 100).Add("b", 100).Add("c", 100);
        var anchor = await Activities().AgreeAsync(Query()) with { Hash = new string('F', 64) };

        var failure = await Make.FailureAsync(new AnchorSigningActivities(_rpcs).SignAsync(new(Slice(), anchor)));

        Assert.Equal(ErrorTypes.Untrusted, failure.ErrorType);
    }

    [Fact]
    public void Doomed_AYearOfHours_KeepsTwoDaysThenOneADayAndDeletesTheRest()
    {
        var keys = Enumerable.Range(0, 24 * 365).Select(hour => $"anchors/c/{(Noon - TimeSpan.FromHours(hour)).UtcDateTime:yyyyMMdd'T'HHmmss'Z'}-000000000001.json").Append("anchors/c/readme.json").ToArray();

        var doomed = AnchorRetention.Doomed(keys, Noon);

        Assert.InRange(keys.Length - 1 - doomed.Count, 49 + 18, 49 + 20);
        Assert.DoesNotContain("anchors/c/readme.json", doomed);
        Assert.Empty(AnchorRetention.Doomed(keys[..AnchorRetention.Newest], Noon + TimeSpan.FromDays(400)));
    }

    public void Dispose() => _folder.Dispose();

    private AnchorActivities Activities() => new(_rpcs, new RepositoryAccess(new ObjectStoreFactory(), new KeyWrapperFactory()));

    private AnchorQuery Query() => new("virtengine-1", _rpcs.Endpoints, 5, 3);

    private NodeSlice Slice()
    {
        var file = _folder.File("signing.pem");
        if (!File.Exists(file))
        {
            File.WriteAllText(file, PemSigner.Generate().PrivateKeyPem);
        }

        using var signer = PemSigner.Load(File.ReadAllText(file));
        return new(
            new NodeTarget(new NodeSpec { Name = "full-0", Kind = NodeKind.Full, Region = "r1", Home = _folder.File("home"), Control = new() { Type = "process" } }, new ChainSpec { Id = "virtengine-1" }, "digest"),
            [.. new[] { "r1", "r2" }.Select(region => new BucketSpec { Url = "file://" + _folder.File(region), Region = region })],
            _rpcs.Endpoints, new BackupSpec { SigningKeys = [new("k", signer.PublicKeyPem(), ["*"], ["trust-anchors"], file, null)] }, new ApprovalSpec(), [], [], true);
    }
}
