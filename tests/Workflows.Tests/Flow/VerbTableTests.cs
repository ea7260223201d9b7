using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Workflows.Flow;
using Xunit;

namespace VirtEngine.DR.Workflows.Tests.Flow;

public sealed class VerbTableTests
{
    private const string Always = "note acknowledge hand-over";

    /// <summary>Every state that a run can be in, and exactly the verbs that work there.</summary>
    public static TheoryData<string, VerbContext, string> Cells => new()
    {
        { "planning", new() { Phase = RunPhase.Planning }, "pause abort" },
        { "gate", new() { Phase = RunPhase.AwaitingApproval, GateOpen = true }, "approve deny pause abort" },
        { "gate, paused", new() { Phase = RunPhase.Paused, GateOpen = true, Paused = true }, "approve deny resume abort" },
        { "running, gate passed", new() { Phase = RunPhase.Running, GatePassed = true }, "deny pause abort" },
        { "running", new() { Phase = RunPhase.Running }, "pause abort" },
        { "running, can switch", new() { Phase = RunPhase.Running, HasUngraceful = true }, "pause abort switch" },
        { "running, switched", new() { Phase = RunPhase.Running, HasUngraceful = true, Ungraceful = true }, "pause abort" },
        { "running, committed", new() { Phase = RunPhase.Running, Committed = true, HasUngraceful = true }, "pause" },
        { "parked", new() { Phase = RunPhase.Parked, Parked = true }, "pause retry abort" },
        { "parked, skippable", new() { Phase = RunPhase.Parked, Parked = true, Skippable = true, HasUngraceful = true }, "pause retry skip abort switch" },
        { "parked, committed", new() { Phase = RunPhase.Parked, Parked = true, Committed = true }, "pause retry" },
        { "parked, paused", new() { Phase = RunPhase.Parked, Parked = true, Paused = true }, "resume retry abort" },
        { "paused", new() { Phase = RunPhase.Paused, Paused = true }, "resume abort" },
        { "abort asked", new() { Phase = RunPhase.Unwinding, Abort = AbortStage.Asked, HasUngraceful = true }, "pause resume abort" },
        { "abort to confirm", new() { Phase = RunPhase.Unwinding, Abort = AbortStage.AwaitingConfirmation, HasUngraceful = true }, "pause resume abort" },
        { "unwinding", new() { Phase = RunPhase.Unwinding, Abort = AbortStage.AtWork, GatePassed = true }, "pause" },
        { "unwinding, paused", new() { Phase = RunPhase.Paused, Abort = AbortStage.AtWork, Paused = true }, "resume" },
        { "undo parked", new() { Phase = RunPhase.Parked, Abort = AbortStage.AtWork, Parked = true, Skippable = true }, "pause retry skip" },
        { "undo's gate", new() { Phase = RunPhase.AwaitingApproval, Abort = AbortStage.AtWork, GateOpen = true }, "approve deny pause" },
        { "watching", new() { Phase = RunPhase.Watching, HasUngraceful = true }, "pause abort" },
        { "reset", new() { Phase = RunPhase.Parked, Reset = true, Parked = true, GateOpen = true, Paused = true, HasUngraceful = true }, "" },
    };

    [Theory]
    [MemberData(nameof(Cells))]
    public void Allowed_InEachState_IsExactlyTheTable(string state, VerbContext context, string expected)
    {
        ArgumentNullException.ThrowIfNull(expected);
        var wanted = $"{expected} {Always}".Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal);

        Assert.Equal(wanted, VerbTable.Allowed(context).Select(v => v.Verb).Order(StringComparer.Ordinal));
        Assert.NotEmpty(state);
    }

    [Fact]
    public void Refusal_WhenClosed_RefusesEveryVerb()
    {
        var closed = new VerbContext { Phase = RunPhase.Closed, GateOpen = true, Parked = true, Paused = true, HasUngraceful = true };

        Assert.All(Verbs.All, v => Assert.Contains("the run is over", VerbTable.Refusal(v, closed), StringComparison.Ordinal));
    }

    [Fact]
    public void Refusal_NamesTheVerbsThatWork()
    {
        var refusal = VerbTable.Refusal(Verbs.Retry, new() { Phase = RunPhase.Paused, Paused = true });

        Assert.Contains("nothing is parked", refusal, StringComparison.Ordinal);
        Assert.Contains("resume", refusal, StringComparison.Ordinal);
        Assert.DoesNotContain("approve", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Refusal_OfSwitchWithoutSuchAMode_SaysSo() =>
        Assert.Contains("no ungraceful mode", VerbTable.Refusal(Verbs.Switch, new() { Phase = RunPhase.Running }), StringComparison.Ordinal);

    [Fact]
    public void Rules_CoverEveryVerbOnce() => Assert.Equal(Verbs.All, VerbTable.Rules.Select(r => r.Verb));
}
