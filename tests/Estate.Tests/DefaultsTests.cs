using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Estates;
using Xunit;

namespace VirtEngine.DR.Estates.Tests;

/// <summary>What holds where the file says nothing is what the plan says.</summary>
public sealed class DefaultsTests
{
    private static readonly Estate Small = EstateLoader.Parse(BaseEstate.Text, "estate.yaml").Estate;

    [Theory]
    [InlineData(NodeKind.Validator, "D1", 5)]
    [InlineData(NodeKind.Validator, "D5", 15)]
    [InlineData(NodeKind.Full, "D4", 120)]
    [InlineData(NodeKind.Full, "D5", null)]
    [InlineData(NodeKind.Provider, "D5", 30)]
    [InlineData(NodeKind.Gateway, "D1", 2)]
    [InlineData(NodeKind.Monitoring, "D3", 60)]
    public void Parse_NoObjectives_GivesThePlansTable(NodeKind kind, string incidentClass, int? minutes)
    {
        var objective = Assert.Single(Small.Objectives.Rto, r => r.Component == kind && r.Class == incidentClass);

        Assert.Equal(minutes is { } m ? TimeSpan.FromMinutes(m) : null, objective.Target);
    }

    [Fact]
    public void Parse_OneObjectiveGiven_KeepsTheRestOfTheTable()
    {
        var text = BaseEstate.With("approvals:", "objectives: { rto: { full: { D1: n/a, D2: 1h } }, rpo: { chain-state: 4h } }\napprovals:");

        var objectives = EstateLoader.Parse(text, "estate.yaml").Estate.Objectives;

        Assert.Null(objectives.Rto.Single(r => r is { Component: NodeKind.Full, Class: "D1" }).Target);
        Assert.Equal(TimeSpan.FromHours(1), objectives.Rto.Single(r => r is { Component: NodeKind.Full, Class: "D2" }).Target);
        Assert.Equal(TimeSpan.FromHours(1), objectives.Rto.Single(r => r is { Component: NodeKind.Full, Class: "D3" }).Target);
        Assert.Equal(TimeSpan.FromHours(4), objectives.Rpo.Single(r => r.Kind == BackupKinds.ChainState).Target);
        Assert.Equal(30, objectives.Rto.Count);
    }

    [Fact]
    public void Parse_ValidatorWithoutBackup_IsNotCopied()
    {
        Assert.Equal(BackupMethod.None, Small.Nodes.Single(n => n.Kind == NodeKind.Validator).Backup);
        Assert.Equal(BackupMethod.Frozen, Small.Nodes.Single(n => n.Kind == NodeKind.Full).Backup);
    }

    [Fact]
    public void Parse_NoBackupsSection_SchedulesWhatTheEstateHas()
    {
        var text = BaseEstate.Text[..BaseEstate.Text.IndexOf("backups:", StringComparison.Ordinal)]
            .Replace("    home: /opt/full-0", "    home: /opt/full-0\n    backup: none", StringComparison.Ordinal);

        var schedules = EstateLoader.Parse(text, "estate.yaml").Estate.Backups.Schedules;

        Assert.Equal([WorkflowTypes.VerifyBackups, WorkflowTypes.PruneBackups, WorkflowTypes.CheckSchedules], schedules.Select(s => s.Workflow));
    }

    [Fact]
    public void Parse_EmptySchedules_SchedulesNothing()
    {
        var text = BaseEstate.With("  schedules:\n    - workflow: BackupChainState\n      cron: \"0 */4 * * *\"\n      catchUp: 1h", "  schedules: []");

        Assert.Empty(EstateLoader.Parse(text, "estate.yaml").Estate.Backups.Schedules);
    }

    [Fact]
    public void Parse_NoRetention_KeepsChainStateNinetyDaysAndTheLastTen()
    {
        var rule = Small.Backups.Retention.Single(r => r.Kind == BackupKinds.ChainState);

        Assert.Equal((10, TimeSpan.FromDays(90)), (rule.Last, rule.Within));
    }

    [Fact]
    public void Schedules_Defaults_ArePlanTimesWithCatchUpBelowTheInterval()
    {
        Assert.Equal("0 */4 * * *", EstateDefaults.Schedules.Single(s => s.Workflow == WorkflowTypes.BackupChainState).Cron);
        Assert.Equal("30 */4 * * *", EstateDefaults.Schedules.Single(s => s.Workflow == WorkflowTypes.BackupProviderState).Cron);
        Assert.All(EstateDefaults.Schedules, s =>
        {
            Assert.True(Rules.CronExpression.TryParse(s.Cron, out var cron, out var error), error);
            Assert.True(s.CatchUp <= cron.ShortestInterval, s.Workflow);
        });
    }
}
