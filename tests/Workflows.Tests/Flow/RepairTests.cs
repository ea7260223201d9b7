using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Locks;
using VirtEngine.DR.Tests.Kit;
using VirtEngine.DR.Workflows.Flow;
using Xunit;

namespace VirtEngine.DR.Workflows.Tests.Flow;

/// <summary>A run that was terminated leaves an orphaned lock; only its repair, or two people, free it.</summary>
public sealed class RepairTests(DevServer server)
{
    [Fact]
    public async Task Repair_TerminatedInTheMiddleOfAnAct_UnwindsUnderItsNameAndFencesTheLateAct()
    {
        await using var harness = Harness.Start(server);
        var hold = harness.World.Faults.HoldNext("toy.set:b2");
        var dead = await harness.ToyAsync(i => i with { Gates = false });
        await hold.Entered;
        await dead.WhenAsync(s => s.Steps.First(x => x.Id == "b1").Status == StepStatus.Done);
        var end = await OrphanAsync(harness, dead);

        Assert.Contains(harness.World.Evidence, s => s.WorkflowId == dead.Id);
        Assert.Single(harness.World.Notifications, n => n.Severity == "critical" && n.Details["repair"] == $"virtengine-dr repair {dead.Id}");
        var refused = await (await harness.ToyAsync(i => i with { Rank = 1000 })).FailureAsync();
        Assert.Equal(ErrorTypes.Locked, refused?.ErrorType);
        Assert.Contains($"virtengine-dr repair {dead.Id}", refused!.Message, StringComparison.Ordinal);
        Assert.Equal(["a", "b1", "b2"], end.Undo.Select(u => u.Step).Order(StringComparer.Ordinal));
        Assert.True(end.Undo.Single(u => u.Step == "b2").Unknown);

        var repair = await harness.RepairAsync(end);
        var shown = await repair.WhenAsync(RunPhase.AwaitingApproval);
        Assert.Equal(UndoLines.RepairDigest(end, adopt: false), shown.Unwinding!.Digest);
        Assert.DoesNotContain(harness.World.Acts, a => a.Key.Direction == "undo");
        Assert.False((await repair.DoAsync(Verbs.Abort)).Accepted);
        Assert.False((await repair.DoAsync(Verbs.Approve, new() { By = "dave", Gate = "repair", Digest = shown.Unwinding.Digest })).Accepted);
        await repair.ApproveGateAsync("carol");
        var state = await repair.ResultAsync();
        hold.Release();

        Assert.Equal(RunOutcome.RolledBack, state.Outcome);
        Assert.All(new[] { "a", "b1", "b2" }, s => Assert.Equal("off", harness.World.Switches.GetOrAdd(s, "off")));
        var undos = harness.World.Acts.Where(a => a.Key.Direction == "undo").ToArray();
        Assert.All(undos, a => Assert.Equal((dead.Id, end.FirstRunId), (a.Key.WorkflowId, a.Key.FirstRunId)));
        Assert.All(undos, a => Assert.True(a.Key.Number > end.Number));

        // The act that was on its way when the run was terminated lands now, and is refused.
        var late = undos.First(a => a.Key.Step == "b2").Key with { Direction = "do", Number = end.Number };
        Assert.Equal(ErrorTypes.Fenced, Assert.Throws<Temporalio.Exceptions.ApplicationFailureException>(() => harness.World.Admit("b2=on", late, "b2")).ErrorType);
        Assert.False(await harness.LockedAsync());
        Assert.Equal(RunOutcome.Succeeded, (await (await harness.ToyAsync(i => i with { Gates = false })).ResultAsync()).Outcome);
    }

    [Fact]
    public async Task Repair_Adopt_LeavesTheWorldAndFreesTheLockAsPartial()
    {
        await using var harness = Harness.Start(server);
        var end = await OrphanAsync(harness, await AtTheSecondGateAsync(harness));

        var repair = await harness.RepairAsync(end, adopt: true);
        await repair.ApproveGateAsync("carol");
        var state = await repair.ResultAsync();

        Assert.Equal(RunOutcome.Partial, state.Outcome);
        Assert.Equal("on", harness.World.Switches["a"]);
        Assert.Contains(state.Missing, m => m.Contains("leave 1 a as it is: on (before: off)", StringComparison.Ordinal));
        Assert.DoesNotContain(harness.World.Acts, a => a.Key.Direction == "undo");
        Assert.False(await harness.LockedAsync());
    }

    [Fact]
    public async Task Repair_Denied_KeepsTheLockAndAsksAgain()
    {
        await using var harness = Harness.Start(server);
        var end = await OrphanAsync(harness, await AtTheSecondGateAsync(harness));
        var repair = await harness.RepairAsync(end);
        var shown = await repair.WhenAsync(RunPhase.AwaitingApproval);

        await repair.DoAsync(Verbs.Deny, new() { By = "carol", Gate = "repair", Digest = shown.Unwinding!.Digest });
        await repair.WhenAsync(RunPhase.Parked);
        Assert.True(await harness.LockedAsync());
        await repair.DoAsync(Verbs.Retry);
        await repair.ApproveGateAsync("carol");

        Assert.Equal(RunOutcome.RolledBack, (await repair.ResultAsync()).Outcome);
        Assert.False(await harness.LockedAsync());
    }

    [Fact]
    public async Task Repair_ThatIsTerminatedItself_CanBeRepaired()
    {
        await using var harness = Harness.Start(server);
        var end = await OrphanAsync(harness, await AtTheSecondGateAsync(harness));
        var hold = harness.World.Faults.HoldNext("toy.set:a");
        var first = await harness.RepairAsync(end);
        await first.ApproveGateAsync("carol");
        await hold.Entered;
        var again = await OrphanAsync(harness, first);
        hold.Release();

        Assert.Equal((end.WorkflowId, end.FirstRunId), (again.WorkflowId, again.FirstRunId));
        Assert.True(again.Number > end.Number);
        Assert.Equal(["a"], again.Undo.Select(u => u.Step));
        var second = await harness.RepairAsync(again, of: first);
        await second.ApproveGateAsync("carol");

        Assert.Equal(RunOutcome.RolledBack, (await second.ResultAsync()).Outcome);
        Assert.Equal("off", harness.World.Switches["a"]);
        Assert.False(await harness.LockedAsync());
    }

    [Fact]
    public async Task Repair_NothingWasDone_FreesTheLockWithoutAQuestion()
    {
        await using var harness = Harness.Start(server);
        var dead = await harness.ToyAsync();
        await dead.WhenAsync(RunPhase.AwaitingApproval);
        var end = await OrphanAsync(harness, dead);

        Assert.Empty(end.Undo);
        var repair = await harness.RepairAsync(end);

        Assert.Equal(RunOutcome.Aborted, (await repair.ResultAsync()).Outcome);
        Assert.False(await harness.LockedAsync());
    }

    [Fact]
    public async Task Repair_AnotherPlanThanTheOneThatWasShown_IsRefusedAndTakesNoLock()
    {
        await using var harness = Harness.Start(server);
        var end = await OrphanAsync(harness, await AtTheSecondGateAsync(harness));

        var repair = await harness.RepairAsync(end, digest: new string('0', 8));

        Assert.Equal(ErrorTypes.InvalidInput, (await repair.FailureAsync())?.ErrorType);
        Assert.True((await harness.Client.GetWorkflowHandle(harness.LockId).QueryAsync<LockState>("state", [])).Orphaned);
    }

    [Fact]
    public async Task Repair_OfARestore_SwapsBackWithTheVeryBackupThatItHadChosen()
    {
        await using var harness = Harness.Start(server);
        var hold = harness.World.Faults.HoldNext("node.start");
        var dead = await harness.RestoreAsync();
        await dead.ApproveAsync();
        await hold.Entered;
        var end = await OrphanAsync(harness, dead);
        hold.Release();

        Assert.Equal(["download", "stop", "swap", "start"], end.Undo.Select(u => u.Step));
        Assert.Equal("1000-backup-1", end.Input!.Value.GetProperty("backup").GetString());
        var repair = await harness.RepairAsync(end);
        await repair.ApproveGateAsync("carol");
        var state = await repair.ResultAsync();

        Assert.Equal(RunOutcome.RolledBack, state.Outcome);
        Assert.Equal("Running/former", harness.World.Summary);
        Assert.False(await harness.LockedAsync());
    }

    private static async Task<RunHandover> OrphanAsync(Harness harness, Run run)
    {
        await run.Handle.TerminateAsync("gone");
        var handle = harness.Client.GetWorkflowHandle(harness.LockId);
        var ends = await Eventually.GetAsync(() => handle.QueryAsync<List<HolderEnd>>(LockVerbs.Ends, []), e => e.Count > 0);
        await Eventually.GetAsync(() => Task.FromResult(harness.World.Notifications.Any(n => n.Severity == "critical" && n.Details.ContainsKey("repair"))), told => told);
        var end = Assert.Single(ends);
        Assert.Equal("Terminated", end.End.Status);
        return end.End.Last!.Handover!;
    }

    private static async Task<Run> AtTheSecondGateAsync(Harness harness)
    {
        var run = await harness.ToyAsync();
        await run.ApproveAsync();
        await run.WhenAsync(s => s.Gates[1].Open);
        return run;
    }
}
