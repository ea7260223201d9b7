using System.Diagnostics;
using System.Globalization;
using VirtEngine.DR.Signing.Tests.Model.Power;
using Xunit;

namespace VirtEngine.DR.Signing.Tests;

/// <summary>The power budget's decisions under every interleaving of askers, lost and late objects, ended runs and blocks, up to a bound.</summary>
public sealed class PowerModelTests(ITestOutputHelper output)
{
    public static TheoryData<string> Scopes { get; } = [.. PowerScope.All.Select(scope => scope.Name)];

    [Theory]
    [MemberData(nameof(Scopes))]
    public void Search_WithTheProductsRules_FindsNothing(string scope) => Assert.Null(Search(PowerScope.All.Single(one => one.Name == scope), new PowerRulesUnderTest()));

    [Theory]
    [InlineData(nameof(NoPowerSeal), "an ask that lost puts again")]
    [InlineData(nameof(NoPowerMajority), "two engines ask at once")]
    [InlineData(nameof(OnlyWhatCounts), "two engines ask at once")]
    [InlineData(nameof(ReservationsOnly), "at the limit")]
    [InlineData(nameof(SignaturesOnly), "two engines ask at once")]
    [InlineData(nameof(LapseWithoutASignature), "a run ends without a word")]
    [InlineData(nameof(LapseByAnySignature), "two engines ask at once")]
    [InlineData(nameof(TwoAtOnce), "two engines ask at once")]
    public void Search_WithAMutation_FindsIt(string mutation, string scope) => Assert.NotNull(Search(PowerScope.All.Single(one => one.Name == scope), (IPowerRules)Activator.CreateInstance(
        typeof(PowerRulesUnderTest).Assembly.GetType($"{typeof(PowerRulesUnderTest).Namespace}.{mutation}", throwOnError: true)!)!));

    private string? Search(PowerScope scope, IPowerRules rules)
    {
        var clock = Stopwatch.StartNew();
        var explorer = new PowerExplorer(scope, rules);
        var found = explorer.Run();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rules.GetType().Name}, {scope.Name}: {explorer.States:N0} states, {clock.Elapsed.TotalSeconds:F1} s, {(found is null ? "complete" : "BROKEN")}"));
        output.WriteLine(found ?? "");
        return found;
    }
}
