using VirtEngine.DR.Backups.Retention;
using Xunit;

namespace VirtEngine.DR.Backups.Tests.Retention;

public sealed class RetentionPlannerTests
{
    private static readonly BackupScope Scope = new("c", "n", BackupKinds.ChainState);
    private static readonly DateTimeOffset Now = new(2026, 6, 15, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Plan_Rules_AreAnOr()
    {
        var items = Enumerable.Range(0, 60).Select(i => Item(Now.AddHours(-4 * i))).ToList();

        var kept = RetentionPlanner.Plan(Scope, items, new KeepRules(Last: 3, Daily: 4, Within: TimeSpan.FromHours(13)), Now).Where(decision => decision.Keep).Select(decision => decision.LastModified).ToList();

        Assert.Equal([Now, Now.AddHours(-4), Now.AddHours(-8), Now.AddHours(-12), Now.AddHours(-16), Now.AddHours(-40), Now.AddHours(-64)], kept);
    }

    [Fact]
    public void Plan_NothingKeeps_TheLastProvenStays()
    {
        var proven = Item(Now.AddDays(-300)) with { Proven = true };
        var decisions = RetentionPlanner.Plan(Scope, [Item(Now.AddDays(-200)), proven, Item(Now.AddDays(-400)) with { Proven = true }], new KeepRules(Within: TimeSpan.FromDays(90)), Now);

        Assert.Equal(proven.Id, Assert.Single(decisions, decision => decision.Keep).Id);
        Assert.Contains("last proven", decisions.Single(decision => decision.Keep).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_NothingKeepsAndNothingProven_TheNewestStays()
    {
        var decisions = RetentionPlanner.Plan(Scope, [Item(Now.AddDays(-200)), Item(Now.AddDays(-201))], new KeepRules(), Now);

        Assert.Equal(Now.AddDays(-200), Assert.Single(decisions, decision => decision.Keep).LastModified);
    }

    [Fact]
    public void Plan_Forever_KeepsAllAndEachDecisionHasAReason()
    {
        var decisions = RetentionPlanner.Plan(Scope, [Item(Now.AddDays(-2000)), Item(Now)], new KeepRules(Forever: true), Now);

        Assert.All(decisions, decision => Assert.True(decision.Keep && decision.Reason.Length > 0));
    }

    private static RetentionItem Item(DateTimeOffset at) => new(BackupId.Create(1, at), at, false);
}
