using VirtEngine.DR.Signing.Tests.Model.Power;
using VirtEngine.DR.Signing.Tests.Support;
using Xunit;

namespace VirtEngine.DR.Signing.Tests;

/// <summary>A budget's log is read from its newest checkpoint on: bounded, and never with another result than the whole log has.</summary>
public sealed class PowerCheckpointTests
{
    private static readonly SignerName Budget = SignerName.Budget(PowerHost.Chain);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reserve_AfterYearsOfReservations_ReadsOnlyTheNewest()
    {
        var host = new PowerHost(7);
        await RunsAsync(host, 150);
        Assert.True(host.Buckets[0].Objects.Count > 300);
        var before = host.Buckets[0].Requests;

        var outcome = await host.Budget.LookAsync(PowerHost.Ask(0, "last"), Token);

        Assert.Equal(PowerVerdict.Free, outcome.Decision.Verdict);
        Assert.InRange(host.Buckets[0].Requests - before, 1, RegisterClient.TailAtOnce + 3);
    }

    [Fact]
    public async Task Reserve_OneStandsSinceLongAgo_IsStillInTheWay()
    {
        var host = new PowerHost(7);
        await host.ReserveAsync(PowerHost.Ask(6, "old"), Token);
        for (var n = 0; n < 60; n++)
        {
            // Two people let it through each time; the old one stays.
            var ask = PowerHost.Ask(0, $"ask-{n}", "ann", "bob");
            Assert.Equal(PowerVerdict.Free, (await host.ReserveAsync(ask, Token)).Decision.Verdict);
            await EndAsync(host, ask);
            host.Blocks(15, absent: [6]);
        }

        var refused = await host.ReserveAsync(PowerHost.Ask(1, "new"), Token);
        Assert.True(PowerRules.Instance.Start(await host.ViewAsync(Token)) > 1);
        Assert.Contains("run/old", Assert.Single(refused.Decision.Reasons), StringComparison.Ordinal);

        // And it can still be ended.
        var old = Assert.Single(await host.Budget.OfAsync(PowerHost.Address(6), "old", Token));
        Assert.True((await host.Budget.EndAsync(old, "validator", "x", host.Height, "its run is closed", Token)).Allowed);
        host.Blocks(15);
        Assert.Equal(PowerVerdict.Free, (await host.ReserveAsync(PowerHost.Ask(1, "newer"), Token)).Decision.Verdict);
    }

    [Fact]
    public async Task Checkpoint_ABucketIsCutOff_IsNotMadeBeforeItIsBack()
    {
        var host = new PowerHost(7);
        host.Buckets[2].Unreachable = "cut off";
        await RunsAsync(host, 50);
        Assert.Equal(1, PowerRules.Instance.Start(await host.ViewAsync(Token)));

        // The seal needs nothing of it; the checkpoint does, and so each ask fills some of what it lacks.
        host.Buckets[2].Unreachable = null;
        await RunsAsync(host, 5);
        Assert.True(PowerRules.Instance.Start(await host.ViewAsync(Token)) > 1);
    }

    [Fact]
    public async Task Histories_OfAllKinds_ReadFromTheCheckpointAsTheyDoInFull()
    {
        var checkpoints = 0;
        for (var seed = 0; seed < 12; seed++)
        {
            var (difference, made) = await PlayAsync(seed, new PowerRulesUnderTest());
            Assert.True(difference is null, $"seed {seed}: {difference}");
            checkpoints += made;
        }

        Assert.True(checkpoints > 12, $"only {checkpoints} checkpoints were made");
    }

    /// <summary>The check can fail: a checkpoint of what may still change is found.</summary>
    [Theory]
    [InlineData(nameof(CheckpointOfAMajority))]
    [InlineData(nameof(CheckpointForgetsWhoStands))]
    public async Task Histories_WithAMutation_Differ(string mutation)
    {
        IPowerRules rules = mutation == nameof(CheckpointOfAMajority) ? new CheckpointOfAMajority() : new CheckpointForgetsWhoStands();
        for (var seed = 0; seed < 12; seed++)
        {
            if ((await PlayAsync(seed, rules)).Difference is not null)
            {
                return;
            }
        }

        Assert.Fail("no history shows it");
    }

    /// <summary>Asks, ends, lost answers and cut buckets in a random order; after each, the log from the checkpoint on is held against the whole.</summary>
    private static async Task<(string? Difference, int Checkpoints)> PlayAsync(int seed, IPowerRules rules)
    {
        var die = new Random(seed);
        var host = new PowerHost(7) { Rules = rules };
        var client = new RegisterClient("register-1", host.Buckets, SignerRules.Instance);
        var open = new List<PowerAsk>();
        for (var step = 0; step < 160; step++)
        {
            foreach (var bucket in host.Buckets)
            {
                bucket.Unreachable = die.Next(12) == 0 ? "cut off" : null;
                bucket.NextPut = die.Next(6) == 0 ? (PutAnswer.Unknown, die.Next(2) == 0) : null;
            }

            if (die.Next(3) > 0 || open.Count == 0)
            {
                var ask = PowerHost.Ask(die.Next(7), $"ask-{step}", "ann", "bob");
                await host.ReserveAsync(ask, Token);
                open.Add(ask);
            }
            else
            {
                await EndAsync(host, open[0]);
                open.RemoveAt(0);
            }

            host.Blocks(die.Next(20));
            var picture = PowerPicture.Of(await host.LookAsync(PowerHost.Chain, Token));
            var partial = InForce(await client.ReadTailAsync(Budget, rules.Start, Token), rules, picture);
            var cut = host.Buckets.Where(bucket => bucket.Unreachable is not null).ToList();
            cut.ForEach(bucket => bucket.Unreachable = null);
            var tail = InForce(await client.ReadTailAsync(Budget, rules.Start, Token), rules, picture);
            var full = InForce(Whole(await host.ViewAsync(Token)), PowerRules.Instance, picture);

            // With all buckets it is the same; with some it may be more careful, and leaves out nothing that stands.
            if (!tail.SequenceEqual(full) || (cut.Count < 2 && full.Any(one => one.Counts && !partial.Any(seen => (seen.Slot, seen.AskId) == (one.Slot, one.AskId)))))
            {
                return ($"step {step}, {cut.Count} cut off\nfrom the checkpoint: {string.Join(" | ", tail)}\nin part:             {string.Join(" | ", partial)}\nin full:             {string.Join(" | ", full)}", 0);
            }
        }

        host.Buckets.ForEach(bucket => bucket.Unreachable = null);
        var view = await host.ViewAsync(Token);
        return (null, view.Buckets[0].Slots!.Values.Count(slot => slot.Object.Budget?.Kind == BudgetKind.Checkpoint));
    }

    /// <summary>The log as if there were no checkpoints.</summary>
    private static RegisterView Whole(RegisterView view) => view with
    {
        Buckets = [.. view.Buckets.Select(bucket => bucket with
        {
            Slots = bucket.Slots?.ToDictionary(one => one.Key, one => one.Value.Object.Budget is { Kind: BudgetKind.Checkpoint } ? one.Value with { Object = SlotObject.VoidOf(Budget, "register-1", one.Key) } : one.Value),
        })],
    };

    private static IReadOnlyList<Reservation> InForce(RegisterView view, IPowerRules rules, PowerPicture picture) =>
        [.. rules.Reservations(view).Where(one => rules.InForce(one, picture)).OrderBy(one => one.Slot).ThenBy(one => one.AskId, StringComparer.Ordinal)];

    private static async Task RunsAsync(PowerHost host, int count)
    {
        for (var n = 0; n < count; n++)
        {
            var ask = PowerHost.Ask(n % 7, $"ask-{host.Height}-{n}");
            Assert.Equal(PowerVerdict.Free, (await host.ReserveAsync(ask, Token)).Decision.Verdict);
            await EndAsync(host, ask);
            host.Blocks(15);
        }
    }

    private static async Task EndAsync(PowerHost host, PowerAsk ask)
    {
        foreach (var one in await host.Budget.OfAsync(ask.Address, ask.AskId, Token))
        {
            await host.Budget.EndAsync(one, "validator", "run", host.Height, "its run is done with it", Token);
        }
    }

    /// <summary>A checkpoint of what a majority shows: the others may show something else later.</summary>
    private sealed class CheckpointOfAMajority : PowerRulesUnderTest
    {
        public override BudgetEntry? Checkpoint(RegisterView view, PowerPicture picture) =>
            base.Checkpoint(view with { Buckets = [.. view.Buckets.Where(bucket => bucket.Reachable)] }, picture) is null ? null
                : new BudgetEntry { Kind = BudgetKind.Checkpoint, Standing = [.. Reservations(view).Where(one => InForce(one, picture))] };
    }

    /// <summary>A checkpoint that drops what still stands.</summary>
    private sealed class CheckpointForgetsWhoStands : PowerRulesUnderTest
    {
        public override BudgetEntry? Checkpoint(RegisterView view, PowerPicture picture) => base.Checkpoint(view, picture) is { } one ? one with { Standing = [] } : null;
    }
}
