using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Locks;
using VirtEngine.DR.Tests.Kit;
using Xunit;

namespace VirtEngine.DR.Workflows.Tests.Flow;

/// <summary>Node runs share their region's lock; a region run has it alone.</summary>
public sealed class SharedLockTests(DevServer server)
{
    [Fact]
    public async Task Region_TwoNodeRuns_HoldItAtOnceAndARegionRunIsRefused()
    {
        await using var one = Harness.Start(server);
        await using var two = Harness.Start(server);
        await using var whole = Harness.Start(server);
        var region = one.World.Node;
        var first = await one.ToyAsync(i => i with { Region = region + "*" });
        await first.WhenAsync(RunPhase.AwaitingApproval);
        var second = await two.ToyAsync(i => i with { Region = region + "*" });
        await second.WhenAsync(RunPhase.AwaitingApproval);

        var handle = one.Client.GetWorkflowHandle(Names.LockId("region", region));
        var shared = await handle.QueryAsync<LockState>("state", []);
        Assert.True(shared.Shared);
        Assert.Equal(new[] { first.Id, second.Id }.Order(StringComparer.Ordinal), shared.Holders.Select(h => h.Holder.WorkflowId).Order(StringComparer.Ordinal));

        var refused = await (await whole.ToyAsync(i => i with { Region = region })).FailureAsync();
        Assert.Equal(ErrorTypes.Locked, refused?.ErrorType);
        Assert.Contains(first.Id, refused!.Message, StringComparison.Ordinal);
        Assert.False(await whole.LockedAsync());

        await first.AbortAsync();
        await first.ResultAsync();
        Assert.Equal(second.Id, Assert.Single((await handle.QueryAsync<LockState>("state", [])).Holders).Holder.WorkflowId);
        await second.AbortAsync();
        await second.ResultAsync();

        var alone = await whole.ToyAsync(i => i with { Region = region });
        await alone.WhenAsync(RunPhase.AwaitingApproval);
        var node = await (await one.ToyAsync(i => i with { Region = region + "*" })).FailureAsync();
        Assert.Equal(ErrorTypes.Locked, node?.ErrorType);
        Assert.Contains(alone.Id, node!.Message, StringComparison.Ordinal);
        Assert.False(await one.LockedAsync());
        await alone.AbortAsync();
        await alone.ResultAsync();
    }

    [Fact]
    public async Task Region_ARunOfAHigherClass_MakesEverySharerYield()
    {
        await using var one = Harness.Start(server);
        await using var two = Harness.Start(server);
        await using var whole = Harness.Start(server);
        var region = one.World.Node;
        var first = await one.ToyAsync(i => i with { Region = region + "*", IncidentClass = "D1" });
        var second = await two.ToyAsync(i => i with { Region = region + "*", IncidentClass = "D1" });
        await first.WhenAsync(RunPhase.AwaitingApproval);
        await second.WhenAsync(RunPhase.AwaitingApproval);

        var failover = await whole.ToyAsync(i => i with { Region = region, IncidentClass = "D3", Gates = false });

        Assert.Equal(RunOutcome.Superseded, (await first.ResultAsync()).Outcome);
        Assert.Equal(RunOutcome.Superseded, (await second.ResultAsync()).Outcome);
        Assert.Equal(RunOutcome.Succeeded, (await failover.ResultAsync()).Outcome);
    }

    [Fact]
    public async Task Region_AShareIsOrphaned_OtherNodesGoOnAndTheRegionIsRefused()
    {
        await using var one = Harness.Start(server);
        await using var two = Harness.Start(server);
        await using var whole = Harness.Start(server);
        var region = one.World.Node;
        var gone = await one.ToyAsync(i => i with { Region = region + "*" });
        await gone.WhenAsync(RunPhase.AwaitingApproval);
        await gone.Handle.TerminateAsync("gone");
        var handle = one.Client.GetWorkflowHandle(Names.LockId("region", region));
        await Eventually.GetAsync(() => handle.QueryAsync<LockState>("state", []), s => s.Orphaned);

        var other = await two.ToyAsync(i => i with { Region = region + "*", Gates = false });
        Assert.Equal(RunOutcome.Succeeded, (await other.ResultAsync()).Outcome);
        var refused = await (await whole.ToyAsync(i => i with { Region = region, IncidentClass = "D3" })).FailureAsync();
        Assert.Contains($"repair {gone.Id}", refused?.Message, StringComparison.Ordinal);

        foreach (var id in new[] { Names.LockId("region", region), one.LockId })
        {
            var reply = await one.Client.GetWorkflowHandle(id).ExecuteUpdateAsync<LockReply>(
                LockVerbs.Release, [new LockRelease { By = "bob", Why = "nothing was done", ApprovedBy = "carol" }]);
            Assert.True(reply.Released, reply.Message);
        }

        Assert.Equal(RunOutcome.Succeeded, (await (await whole.ToyAsync(i => i with { Region = region, Gates = false })).ResultAsync()).Outcome);
    }

    [Fact]
    public async Task Region_ASharerHasActed_HandsItsShareOverAndTheRegionRunHasItAlone()
    {
        await using var one = Harness.Start(server);
        await using var whole = Harness.Start(server);
        var region = one.World.Node;
        var node = await one.ToyAsync(i => i with { Region = region + "*", IncidentClass = "D1" });
        await node.ApproveAsync();
        await node.WhenAsync(s => s.Gates[1].Open);

        var failover = await whole.ToyAsync(i => i with { Region = region, IncidentClass = "D3" });
        await failover.WhenAsync(RunPhase.AwaitingApproval);
        Assert.Equal(RunOutcome.Superseded, (await node.ResultAsync()).Outcome);
        var state = await one.Client.GetWorkflowHandle(Names.LockId("region", region)).QueryAsync<LockState>("state", []);
        Assert.False(state.Shared);
        Assert.Equal(failover.Id, Assert.Single(state.Holders).Holder.WorkflowId);
        Assert.Equal(failover.Id, Assert.Single((await one.Client.GetWorkflowHandle(one.LockId).QueryAsync<LockState>("state", [])).Holders).Holder.WorkflowId);

        await failover.ApproveAsync();
        await failover.WhenAsync(s => s.Gates[1].Open);
        await failover.ApproveAsync();
        Assert.Equal(RunOutcome.Partial, (await failover.ResultAsync()).Outcome);
        Assert.False(await one.LockedAsync());
        Assert.False(await whole.LockedAsync());
    }

    [Fact]
    public async Task Restore_AndBackup_ShareTheirRegion()
    {
        await using var harness = Harness.Start(server);
        var run = await harness.RestoreAsync();
        await run.WhenAsync(RunPhase.AwaitingApproval);
        var handle = harness.Client.GetWorkflowHandle(Names.LockId("region", harness.World.Region));

        Assert.True((await handle.QueryAsync<LockState>("state", [])).Shared);
        await run.AbortAsync();
        await run.ResultAsync();
        var hold = harness.World.Faults.HoldNext("backup.upload");
        var backup = await harness.StartAsync(WorkflowTypes.BackupChainState, new Contracts.Backups.BackupInput { Node = harness.World.Node });
        await hold.Entered;
        Assert.Equal(backup.Id, Assert.Single((await handle.QueryAsync<LockState>("state", [])).Holders).Holder.WorkflowId);
        hold.Release();
        await backup.GetResultAsync();
    }
}
