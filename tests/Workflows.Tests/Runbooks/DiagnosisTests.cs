using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Workflows.Runbooks;
using Xunit;

namespace VirtEngine.DR.Workflows.Tests.Runbooks;

/// <summary>The table from what two vantage points see to a class and its cures.</summary>
public sealed class DiagnosisTests
{
    [Theory]
    [InlineData(ProcessState.Stopped, HealthFindings.Silent, FailureClass.Crashed, "restart,restore")]
    [InlineData(ProcessState.Frozen, HealthFindings.Silent, FailureClass.Stuck, "restart,restore")]
    [InlineData(ProcessState.Running, HealthFindings.Silent, FailureClass.Stuck, "restart,restore")]
    [InlineData(ProcessState.Running, HealthFindings.Standing, FailureClass.Stuck, "restart,restore")]
    [InlineData(ProcessState.Running, HealthFindings.Alone, FailureClass.Stuck, "restart,restore")]
    [InlineData(ProcessState.Running, HealthFindings.Standing + "," + HealthFindings.ChainStands, FailureClass.ChainHalted, "")]
    [InlineData(ProcessState.Running, HealthFindings.CatchingUp, FailureClass.CatchingUp, "")]
    [InlineData(ProcessState.Running, HealthFindings.CatchingUp + "," + HealthFindings.Behind, FailureClass.CatchingUp, "")]
    [InlineData(ProcessState.Running, HealthFindings.Behind, FailureClass.CatchingUp, "")]
    [InlineData(ProcessState.Running, HealthFindings.AppHashDiffers, FailureClass.Corrupt, "restore")]
    [InlineData(ProcessState.Running, HealthFindings.NoReference, FailureClass.Unknown, "")]
    [InlineData(ProcessState.Unknown, HealthFindings.Silent, FailureClass.Unknown, "")]
    public void Of_ProcessAndFindings_ClassesThem(ProcessState process, string findings, FailureClass expected, string cures)
    {
        var found = Diagnosis.Of(Node(), Host(process), Seen(Health.Unhealthy, findings.Split(',')));

        Assert.Equal(expected, found.Class);
        Assert.Equal(cures, string.Join(',', found.Cures));
    }

    [Theory]
    [InlineData(Symptoms.ConflictingVote, FailureClass.TwoSigners)]
    [InlineData(Symptoms.UpgradeNeeded, FailureClass.UpgradeHalt)]
    [InlineData(Symptoms.NoSpace, FailureClass.NoSpace)]
    [InlineData(Symptoms.CorruptStore, FailureClass.Corrupt)]
    [InlineData(Symptoms.AppHash, FailureClass.Corrupt)]
    [InlineData(Symptoms.CorruptWal, FailureClass.Crashed)]
    public void Of_WhatTheLogSays_ClassesIt(string symptom, FailureClass expected) => Assert.Equal(
        expected, Diagnosis.Of(Node(), Host(ProcessState.Stopped) with { Symptoms = [new(symptom, "a line")] }, Seen(Health.Unknown, HealthFindings.Silent)).Class);

    [Fact]
    public void Of_HealthyFromOutside_IsNone_UnlessTheLogKnowsOfTwoSigners()
    {
        var healthy = Seen(Health.Healthy);

        Assert.Equal(FailureClass.None, Diagnosis.Of(Node(), Host(ProcessState.Running), healthy).Class);
        Assert.Equal(FailureClass.None, Diagnosis.Of(Node(), Host(ProcessState.Running) with { Symptoms = [new(Symptoms.UpgradeNeeded, "an old line")] }, healthy).Class);
        Assert.Equal(FailureClass.TwoSigners, Diagnosis.Of(Node(), Host(ProcessState.Running) with { Symptoms = [new(Symptoms.ConflictingVote, "a line")] }, healthy).Class);
    }

    [Theory]
    [InlineData(HealthFindings.Alone, FailureClass.Unreachable, "")]
    [InlineData(HealthFindings.Standing, FailureClass.Unreachable, "")]
    [InlineData(HealthFindings.Silent, FailureClass.Stuck, "restart,restore")]
    [InlineData(HealthFindings.Standing + "," + HealthFindings.ChainStands, FailureClass.ChainHalted, "")]
    [InlineData(HealthFindings.Behind, FailureClass.CatchingUp, "")]
    public void Of_NoPeerReachedFromItsHost_IsACutNetworkOnlyWhereThatExplainsIt(string findings, FailureClass expected, string cures)
    {
        var found = Diagnosis.Of(
            Node(), Host(ProcessState.Running) with { Symptoms = [new(Symptoms.PeersCut, "none of its 3 persistent peers is reached")] }, Seen(Health.Unhealthy, findings.Split(',')));

        Assert.Equal(expected, found.Class);
        Assert.Equal(cures, string.Join(',', found.Cures));
    }

    [Fact]
    public void Of_DataOrHomeGone_IsDiskLost()
    {
        Assert.Equal(FailureClass.DiskLost, Diagnosis.Of(Node(), Host(ProcessState.Stopped) with { DataPresent = false }, null).Class);
        Assert.Equal(FailureClass.DiskLost, Diagnosis.Of(Node(), Host(ProcessState.Stopped) with { MissingFromHome = ["config/genesis.json"] }, null).Class);
    }

    [Fact]
    public void Of_NodeWithoutChainData_IsRestartedAndNeverCalledLost()
    {
        var found = Diagnosis.Of(Node(NodeKind.Gateway), Host(ProcessState.Stopped) with { DataPresent = false }, null);

        Assert.Equal(FailureClass.Crashed, found.Class);
        Assert.Equal([Cures.Restart], found.Cures);
        Assert.Equal(FailureClass.Unknown, Diagnosis.Of(Node(NodeKind.Gateway), Host(ProcessState.Running), null).Class);
    }

    private static NodeSpec Node(NodeKind kind = NodeKind.Full) => new() { Name = "n", Kind = kind, Region = "r", Home = "/h", Control = new() { Type = "process" } };

    private static NodeObservation Host(ProcessState process) => new() { At = DateTimeOffset.UnixEpoch, Process = process, DataPresent = true };

    private static HealthReport Seen(Health health, params string[] findings) =>
        new(DateTimeOffset.UnixEpoch, health, 10, 20, 1, null, null, ["seen"]) { Findings = findings };
}
