using VirtEngine.DR.Signing.Tests.Support;
using Xunit;

namespace VirtEngine.DR.Signing.Tests;

public sealed class PowerBudgetTests
{
    private readonly PowerHost _seven = new(7);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reserve_TwoAtOnceFromTwoEngines_ExactlyOneGetsIt()
    {
        for (var round = 0; round < 50; round++)
        {
            var host = new PowerHost(7);
            host.Buckets.ForEach(bucket => bucket.Busy = true);

            var outcomes = await Task.WhenAll(Enumerable.Range(0, 3).Select(validator => Task.Run(() => host.ReserveAsync(PowerHost.Ask(validator, $"ask-{validator}"), Token), Token)));

            Assert.Single(outcomes, outcome => outcome is { Decision.Verdict: PowerVerdict.Free, Slot: > 0 });
            Assert.Single(PowerRules.Instance.Reservations(await host.ViewAsync(Token)), one => one.Counts && PowerRules.Instance.InForce(one, outcomes[0].Picture));
        }
    }

    [Fact]
    public async Task Reserve_OneAfterTheOther_TheSecondIsToldWhoHoldsWhat()
    {
        Assert.Equal(PowerVerdict.Free, (await _seven.ReserveAsync(PowerHost.Ask(0, "one"), Token)).Decision.Verdict);

        var second = await _seven.ReserveAsync(PowerHost.Ask(1, "two"), Token);

        Assert.Equal((PowerVerdict.Refused, false, 0L), (second.Decision.Verdict, second.Decision.Halts, second.Slot));
        Assert.Contains("run/one", Assert.Single(second.Decision.Reasons), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reserve_TheSameAskAgain_IsTheSameReservation()
    {
        var first = await _seven.ReserveAsync(PowerHost.Ask(0, "one"), Token);
        var again = await _seven.ReserveAsync(PowerHost.Ask(0, "one"), Token);

        Assert.Equal((PowerVerdict.Free, first.Slot), (again.Decision.Verdict, again.Slot));
        Assert.Single(_seven.Buckets[0].Objects.Keys, key => key.StartsWith("budget/test-1/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Reserve_AtTheLimit_IsRefusedByWhatIsSeenAndLetThroughByTwoPeople()
    {
        _seven.Blocks(5, absent: [5, 6]);

        var refused = await _seven.ReserveAsync(PowerHost.Ask(0, "one"), Token);
        Assert.Equal((PowerVerdict.Refused, true, 0L), (refused.Decision.Verdict, refused.Decision.Halts, refused.Slot));
        Assert.Contains("57.1 %", Assert.Single(refused.Decision.Reasons), StringComparison.Ordinal);
        Assert.Equal(PowerVerdict.Refused, (await _seven.ReserveAsync(PowerHost.Ask(0, "two", "ann", "Ann "), Token)).Decision.Verdict);
        Assert.Equal(PowerVerdict.Free, (await _seven.ReserveAsync(PowerHost.Ask(0, "three", "ann", "bob"), Token)).Decision.Verdict);
    }

    [Fact]
    public async Task Reserve_ExactlyTwoThirdsWouldBeLeft_IsRefused()
    {
        var three = new PowerHost(3);

        Assert.Contains("66.7 % would be left", (await three.ReserveAsync(PowerHost.Ask(0, "one"), Token)).Decision.Reasons[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reserve_AValidatorThatDoesNotSign_NeedsNothing()
    {
        _seven.Blocks(5, absent: [4, 5, 6]);
        _seven.Buckets.ForEach(bucket => bucket.Unreachable = "cut off");

        Assert.Equal((PowerVerdict.NotNeeded, 0L), ((await _seven.ReserveAsync(PowerHost.Ask(6, "one"), Token)).Decision.Verdict, 0L));
        Assert.Equal(PowerVerdict.Refused, (await _seven.ReserveAsync(PowerHost.Ask(0, "two"), Token)).Decision.Verdict);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public async Task Reserve_NobodyCanCount_IsRefused(int sources, bool fresh)
    {
        (_seven.Sources, _seven.Fresh) = (sources, fresh);

        var outcome = await _seven.ReserveAsync(PowerHost.Ask(0, "one"), Token);

        Assert.Equal((PowerVerdict.Refused, true, 0L), (outcome.Decision.Verdict, outcome.Decision.Halts, outcome.Slot));
    }

    [Fact]
    public async Task Reserve_OneRpcLies_AllowsNothing()
    {
        _seven.Blocks(5, absent: [5, 6]);

        // That everybody signs; and that the validator itself does not.
        _seven.Lie = sight => sight with { Validators = [.. sight.Validators.Select(one => one with { LastSigned = sight.Height })] };
        Assert.Equal(PowerVerdict.Refused, (await _seven.ReserveAsync(PowerHost.Ask(0, "one"), Token)).Decision.Verdict);
        _seven.Lie = sight => sight with { Validators = [.. sight.Validators.Select(one => one.Address == PowerHost.Address(0) ? one with { LastSigned = null } : one)] };
        Assert.Equal(PowerVerdict.Refused, (await _seven.ReserveAsync(PowerHost.Ask(0, "two"), Token)).Decision.Verdict);
    }

    [Fact]
    public async Task Reserve_RunEndedAndItsValidatorSigns_LapsesAndNotBefore()
    {
        var first = await _seven.ReserveAsync(PowerHost.Ask(0, "one"), Token);
        _seven.Blocks(5, absent: [0]);
        Assert.True((await _seven.Budget.EndAsync(Held(await _seven.ReserveAsync(PowerHost.Ask(1, "two"), Token)), "validator", "somebody", _seven.Height + PowerRules.Slack, "its run is closed", Token)).Allowed);

        _seven.Blocks(15, absent: [0]);
        var down = await _seven.ReserveAsync(PowerHost.Ask(1, "three"), Token);
        Assert.Equal((PowerVerdict.Refused, false), (down.Decision.Verdict, down.Decision.Waits));
        _seven.Blocks(1);
        Assert.Equal(PowerVerdict.Free, (await _seven.ReserveAsync(PowerHost.Ask(1, "four"), Token)).Decision.Verdict);
        Assert.Equal(1, first.Slot);
    }

    [Fact]
    public async Task Reserve_ItsValidatorSignsAndItsRunGoesOn_StaysInForce()
    {
        await _seven.ReserveAsync(PowerHost.Ask(0, "one"), Token);
        _seven.Blocks(100);

        Assert.Equal(PowerVerdict.Refused, (await _seven.ReserveAsync(PowerHost.Ask(1, "two"), Token)).Decision.Verdict);
    }

    [Fact]
    public async Task Release_ByPeople_FreesAtOnceAndEndsTheAsk()
    {
        await _seven.ReserveAsync(PowerHost.Ask(0, "one"), Token);
        var held = Held(await _seven.ReserveAsync(PowerHost.Ask(1, "two"), Token));

        Assert.True((await _seven.Budget.ReleaseAsync(held, "ann", "its run is lost", [new("ann", "release", "cli"), new("bob", "release", "cli")], Token)).Allowed);

        Assert.Contains("over", Assert.Single((await _seven.ReserveAsync(PowerHost.Ask(0, "one"), Token)).Decision.Reasons), StringComparison.Ordinal);
        Assert.Equal(PowerVerdict.Free, (await _seven.ReserveAsync(PowerHost.Ask(1, "two"), Token)).Decision.Verdict);
    }

    [Theory]
    [InlineData(PutAnswer.Unknown, true)]
    [InlineData(PutAnswer.Unknown, false)]
    [InlineData(PutAnswer.Conflict, true)]
    [InlineData(PutAnswer.Conflict, false)]
    [InlineData(PutAnswer.Forbidden, false)]
    public async Task Reserve_AnswersOfTwoBucketsLost_CountsOnceOrNotAtAll(PutAnswer answer, bool lands)
    {
        _seven.Buckets[0].NextPut = _seven.Buckets[1].NextPut = (answer, lands);

        var outcome = await _seven.ReserveAsync(PowerHost.Ask(0, "one"), Token);

        Assert.Equal(PowerVerdict.Free, outcome.Decision.Verdict);
        Assert.Equal(lands ? 1 : 2, outcome.Slot);
        Assert.Equal(PowerVerdict.Refused, (await _seven.ReserveAsync(PowerHost.Ask(1, "two"), Token)).Decision.Verdict);
    }

    [Fact]
    public async Task Reserve_HalfWrittenByAnAskerWhoDied_BlocksNobody()
    {
        // The put reached one bucket of three.
        _seven.Buckets[2].Objects[RegisterKeys.Slot(SignerName.Budget(PowerHost.Chain), 1)] = SlotBytes.Write(new SlotObject
        {
            Kind = SlotKind.Holder,
            Signer = SignerName.Budget(PowerHost.Chain),
            Register = "register-1",
            Epoch = 1,
            Generation = 1,
            Holder = PowerHost.Address(0),
            AskId = "dead",
            AskedBy = "run/dead",
            Budget = new BudgetEntry { Kind = BudgetKind.Reserve },
        });

        Assert.Equal(PowerVerdict.Free, (await _seven.ReserveAsync(PowerHost.Ask(1, "two"), Token)).Decision.Verdict);
    }

    [Fact]
    public async Task Reserve_ABucketIsCutOff_TheMinorityThatStandsThereIsTakenForAReservation()
    {
        await _seven.ReserveAsync(PowerHost.Ask(0, "one"), Token);
        _seven.Buckets[2].Unreachable = "cut off";
        Assert.Equal(PowerVerdict.Refused, (await _seven.ReserveAsync(PowerHost.Ask(1, "two"), Token)).Decision.Verdict);

        _seven.Buckets[1].Unreachable = "cut off";
        var alone = await _seven.ReserveAsync(PowerHost.Ask(1, "three"), Token);
        Assert.Contains("1 of 3 buckets", alone.Decision.Reasons[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Entry_OfABudget_HasItsOwnFolderAndLeavesSignersSlotsAsTheyWere()
    {
        var name = SignerName.Budget("chain-1");
        Assert.Equal("budget/chain-1/000000000007.json", RegisterKeys.Slot(name, 7));
        Assert.Equal(name, RegisterKeys.SignerOf("budget/chain-1/000000000007.json"));
        Assert.DoesNotContain("budget", System.Text.Encoding.UTF8.GetString(SlotBytes.Write(SmallHost.Granted(1, "machine-x"))), StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => SlotBytes.Read(SlotBytes.Write(SmallHost.Granted(7, "machine-x") with { Signer = name }), name, 7));
    }

    private static Reservation Held(PowerOutcome outcome) => Assert.Single(outcome.InForce);
}
