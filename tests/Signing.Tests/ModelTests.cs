using VirtEngine.DR.Signing.Tests.Model;
using Xunit;

namespace VirtEngine.DR.Signing.Tests;

/// <summary>The interlock's decisions under every interleaving of register, askers and machines, up to a bound.</summary>
public sealed class ModelTests(ITestOutputHelper output)
{
    public static TheoryData<string> Small { get; } = [.. Scopes.Small.Select(scope => scope.Name)];

    public static TheoryData<string> Large { get; } = [.. Scopes.Large.Select(scope => scope.Name)];

    [Theory]
    [MemberData(nameof(Small))]
    public void Search_WithTheProductsRules_FindsNothing(string scope)
    {
        var result = Search(Scopes.Named(scope), new RulesUnderTest());

        Assert.Null(result.Counterexample);
        Assert.True(result.Finished, "the search was cut: give it smaller bounds");
    }

    [Theory]
    [MemberData(nameof(Large))]
    public void Search_WithLargeBounds_FindsNothing(string scope)
    {
        var wanted = Environment.GetEnvironmentVariable("VIRTENGINE_MODEL");
        Assert.SkipUnless(wanted == "large" || wanted == scope, $"minutes each: VIRTENGINE_MODEL=large, or VIRTENGINE_MODEL=\"{scope}\"");

        Assert.Null(Search(Scopes.Named(scope), new RulesUnderTest()).Counterexample);
    }

    [Theory]
    [InlineData(nameof(NoSeal), Scopes.TwoEngines)]
    [InlineData(nameof(FenceWithoutStop), Scopes.TwoEngines)]
    [InlineData(nameof(GateWithoutLock), Scopes.Disabled)]
    [InlineData(nameof(EmptyBucketCounted), Scopes.BucketLost)]
    [InlineData(nameof(RolledBackDiskAllowed), Scopes.RolledBack)]
    [InlineData(nameof(RetirementByMachine), Scopes.Returned)]
    [InlineData(nameof(DisabledKeyIsAnEnd), Scopes.Disabled)]
    [InlineData(nameof(BreakGlassForAll), Scopes.BreakGlass)]
    public void Search_WithAMutationOfTheDesign_FindsIt(string mutation, string scope) => Assert.NotNull(Search(Scopes.Named(scope), Of(mutation)).Counterexample);

    [Theory]
    [InlineData(nameof(NoVoidBetween), Scopes.RolledBack)]
    [InlineData(nameof(OnlyHoldersAbove), Scopes.RolledBack)]
    [InlineData(nameof(MinorityIsEnough), Scopes.RolledBack)]
    [InlineData(nameof(ChainIsEnough), Scopes.RolledBack)]
    [InlineData(nameof(ChainNotAsked), Scopes.RolledBack)]
    [InlineData(nameof(CheckedByTheGrant), Scopes.RolledBack)]
    public void Search_WithAMendTakenAway_FindsTwoVotes(string mend, string scope) => Assert.NotNull(Search(Scopes.Named(scope), Of(mend)).Counterexample);

    [Theory]
    [MemberData(nameof(Small))]
    public void Search_FromEveryState_AGrantFollows(string scope)
    {
        var bounds = Scopes.Named(scope);
        var explorer = new Explorer(bounds, new RulesUnderTest());
        var liveness = new Liveness(bounds, explorer.Judge, explorer.Objects);
        var seen = 0;

        // Every state of the small scopes, and every seventh of the larger ones: neighbours differ in one step.
        var result = explorer.Run(world => ++seen < 5_000 || seen % 7 == 0 ? liveness.Stuck(world) : null);

        Assert.Null(result.Counterexample);
    }

    private static RulesUnderTest Of(string name) =>
        (RulesUnderTest)Activator.CreateInstance(typeof(RulesUnderTest).Assembly.GetType($"{typeof(RulesUnderTest).Namespace}.{name}", throwOnError: true)!)!;

    private Result Search(Bounds bounds, RulesUnderTest rules)
    {
        var result = new Explorer(bounds, rules).Run();
        output.WriteLine($"{rules.Name}: {result}");
        if (result.Counterexample is { } trace)
        {
            output.WriteLine(trace);
        }

        return result;
    }
}
