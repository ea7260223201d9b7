using VirtEngine.DR.Seeds.Tests.Lab;
using VirtEngine.DR.Seeds.Tests.Scenarios;
using VirtEngine.DR.Workflows;
using Xunit;

namespace VirtEngine.DR.Seeds.Tests;

/// <summary>Every scenario under many seeds.</summary>
public sealed class SeedTests
{
    public static TheoryData<string> Names() => [.. ScenarioTable.All.Select(s => s.Name).Where(n => Series.Scenario is not { } one || one == n)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Play_Seeds_KeepTheRules(string scenario) =>
        await Series.RunAsync(ScenarioTable.Of(scenario), TestContext.Current.TestOutputHelper!);

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Play_SameSeed_GivesTheSameHistory(string scenario)
    {
        var one = ScenarioTable.Of(scenario);
        foreach (var seed in Enumerable.Range(1, Series.Repeated))
        {
            var first = await Stage.PlayAsync(one, seed, histories: true);
            var second = await Stage.PlayAsync(one, seed, histories: true);
            Assert.Equal(Text(first), Text(second));
        }
    }

    [Fact]
    public void Table_EveryWorkflowOfTheCatalog_HasAScenario() =>
        Assert.Empty(WorkflowCatalog.All.Except(ScenarioTable.All.SelectMany(s => s.Workflows)).Select(w => $"{w.Name} stands in no scenario of {nameof(ScenarioTable)}"));

    private static string Text(Account account) =>
        string.Join("\n", account.Diary.Prepend($"seed {account.Seed}").Concat(account.Runs.SelectMany(r => r.History)));
}
