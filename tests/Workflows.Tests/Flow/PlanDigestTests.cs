using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Workflows.Flow;
using Xunit;

namespace VirtEngine.DR.Workflows.Tests.Flow;

public sealed class PlanDigestTests
{
    [Fact]
    public void Of_OtherMeasurementsAndRisks_StaysTheSame()
    {
        var one = Draft() with { Risks = ["slow"], Bounds = [Bound.AtMost("n", "at most {n}", 5, 15)] };
        var other = Draft() with { Risks = ["fast"], Bounds = [Bound.AtMost("n", "at most {n}", 9, 15)] };

        Assert.Equal(PlanDigest.Of(one), PlanDigest.Of(other));
    }

    [Fact]
    public void Of_AnyPartThatPeopleApprove_Changes()
    {
        var step = Draft().Steps[0];
        PlanDraft[] variants =
        [
            Draft(),
            Draft() with { Steps = [step with { Title = "Other" }] },
            Draft() with { Steps = [step with { Parameters = ["node=y"] }] },
            Draft() with { Steps = [step with { Undo = UndoKind.Keep }] },
            Draft() with { Steps = [step with { Skippable = true }] },
            Draft() with { Steps = [step with { LeftOut = "not configured" }] },
            Draft() with { Steps = [step with { Commit = true }] },
            Draft() with { Steps = [step with { After = "off" }] },
            Draft() with { Gates = [new("g", "?", "a")] },
            Draft() with { Bounds = [Bound.Exactly("backup", "this one")] },
            Draft() with { Ungraceful = true },
        ];

        Assert.Equal(variants.Length, variants.Select(PlanDigest.Of).Distinct().Count());
    }

    [Fact]
    public void Of_SeparatorsInsideValues_CannotImitateAnotherPlan()
    {
        var step = Draft().Steps[0];
        var one = Draft() with { Steps = [step with { Title = "x|y", Changes = "z" }] };
        var other = Draft() with { Steps = [step with { Title = "x", Changes = "y|z" }] };
        var third = Draft() with { Steps = [step with { Parameters = ["a\nparameter|a|b"] }] };
        var fourth = Draft() with { Steps = [step with { Parameters = ["a", "b"] }] };

        Assert.NotEqual(PlanDigest.Of(one), PlanDigest.Of(other));
        Assert.NotEqual(PlanDigest.Of(third), PlanDigest.Of(fourth));
    }

    [Theory]
    [InlineData(15, 15)]
    [InlineData(16, 26)]
    public void KeepLimitOf_WithinOrBeyondTheLimit_KeepsOrLeavesTheBound(long actual, long limit)
    {
        var former = Bound.AtMost("n", "at most {n}", 5, 15);

        Assert.Equal(limit, Bound.AtMost("n", "at most {n}", actual, actual + 10).KeepLimitOf(former).Limit);
    }

    [Fact]
    public void Difference_SaysWhatWentAndWhatCame()
    {
        var next = Draft() with { Bounds = [Bound.Exactly("backup", "another one")] };

        Assert.Equal("+ bound backup another one", PlanDigest.Difference(Draft(), next));
    }

    [Fact]
    public void Check_PlansThatBreakARule_AreNamed()
    {
        var step = Draft().Steps[0];
        Func<Task<Observed>> describe = () => Task.FromResult(new Observed("", ""));
        var bad = new PlanDraft
        {
            Steps =
            [
                step, step,
                step with { Id = "blind", Changes = "something" },
                step with { Id = "undoless", Describe = describe },
                step with { Id = "empty", Describe = describe, Undo = UndoKind.Restore },
                step with { Id = "silent", Describe = describe, Undo = UndoKind.Keep },
            ],
            Gates = [new("g", "?", "nowhere"), new("g", "?", "a")],
        };

        Assert.Equal(
            [
                "step a is declared twice", "step blind changes something but cannot observe it",
                "step undoless acts before the commit without an undo", "step empty promises an undo that it does not have",
                "step silent leaves something behind and does not say what", "gate g stands before no step", "gate g is declared twice",
            ],
            PlanRules.Check(bad));
        Assert.Empty(PlanRules.Check(Draft()));
    }

    private static PlanDraft Draft() => new()
    {
        Steps = [new() { Number = "1", Id = "a", Title = "A", Parameters = ["node=x"], Act = _ => Task.FromResult<string?>(null) }],
    };
}
