using System.Globalization;
using System.Text.RegularExpressions;
using VirtEngine.DR.Seeds.Tests.Lab;
using VirtEngine.DR.Seeds.Tests.Scenarios;
using VirtEngine.DR.Workflows;
using Xunit;

namespace VirtEngine.DR.Seeds.Tests;

/// <summary>Every scenario under many seeds.</summary>
public sealed class SeedTests
{
    public static TheoryData<string> Names() => Series.Scenario is { } one ? [one] : [.. ScenarioTable.All.Select(s => s.Name)];

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

    [Fact]
    public async Task Find_PlantedBug_IsFoundAndItsCommandRepeatsIt()
    {
        var planted = Planting.ActsTwice;
        var report = await Series.FindAsync(planted, [.. Enumerable.Range(1, 60).Select(n => (long)n)], _ => { });

        Assert.NotNull(report);
        var command = Regex.Match(report, @"VIRTENGINE_SCENARIO=(\S+) VIRTENGINE_SEED=(\d+) dotnet test --project tests/Seeds\.Tests --filter-method '\*Play_Seeds\*'");
        Assert.True(command.Success, report);
        var again = await Series.FindAsync(ScenarioTable.Of(command.Groups[1].Value), [long.Parse(command.Groups[2].Value, CultureInfo.InvariantCulture)], _ => { });
        Assert.NotNull(again);
        Assert.Contains("was done twice", again, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Find_ABudgetThatForgetsReservations_FindsTwoSignersTouchedAtOnce()
    {
        var report = await Series.FindAsync(PowerLimits.Blind, [.. Enumerable.Range(1, 60).Select(n => (long)n)], _ => { });

        Assert.NotNull(report);
        Assert.Contains("touched at once", report, StringComparison.Ordinal);
    }

    private static string Text(Account account) =>
        string.Join("\n", account.Diary.Prepend($"seed {account.Seed}").Concat(account.Runs.SelectMany(r => r.History)));
}
