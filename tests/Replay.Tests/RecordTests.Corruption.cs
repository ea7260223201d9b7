using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Recovery;
using VirtEngine.DR.Tests.Kit;
using VirtEngine.DR.Workflows.Corruption;
using Xunit;

namespace VirtEngine.DR.Replay.Tests;

/// <summary>The records of RB-DR-004.</summary>
public sealed partial class RecordTests
{
    [Theory(Explicit = true)]
    [InlineData(true, "rolled-back-one-height")]
    [InlineData(false, "rollback-then-restore")]
    public async Task Record_CorruptState(bool mends, string name)
    {
        await using var harness = Harness.Start(server);
        (harness.World.Corrupt.GoodHeight, harness.World.Corrupt.Mends) = (1199, mends);
        harness.World.Faults.LoseAnswer("rollback.one");
        var run = await harness.RecoverAsync();
        await run.ApproveAsync();
        await run.WhenAsync(RunPhase.Parked);
        await run.DoAsync(Verbs.Retry);
        if (!mends)
        {
            await run.ApproveAsync();
        }

        Assert.Equal(RunOutcome.Succeeded, (await run.ResultAsync()).Outcome);

        await SaveAsync(run.Handle, WorkflowTypes.DataCorruption, name);
    }

    [Fact(Explicit = true)]
    public async Task Record_CorruptDatabaseWithoutACopy_ThatIsUnwound()
    {
        await using var harness = Harness.Start(server);
        harness.World.Corrupt.Torn = [new("data/state.db/000001.ldb", "wrong checksum")];
        harness.World.Faults.Fail("forensics.preserve");
        var run = await harness.RecoverAsync();
        await run.WhenAsync(RunPhase.AwaitingApproval);
        await run.ApproveAsync();
        await run.WhenAsync(RunPhase.Parked);
        await run.DoAsync(Verbs.Skip, new() { By = "bob", Step = "preserve", Why = "no bucket" });
        await run.ApproveAsync();
        await run.ApproveAsync();
        harness.World.Healthy = false;
        await run.WhenAsync(RunPhase.Parked);
        await run.AbortAsync();
        Assert.Equal(RunOutcome.RolledBack, (await run.ResultAsync()).Outcome);

        await SaveAsync(run.Handle, WorkflowTypes.DataCorruption, "unwound");
    }

    [Fact(Explicit = true)]
    public async Task Record_TwoCorruptNodes()
    {
        await using var harness = Harness.Start(server);
        var one = harness.World;
        one.Twin = new World(one.Node + "-b") { Region = one.Region };
        one.Corrupt.GoodHeight = one.Twin.Corrupt.GoodHeight = 1199;
        one.Twin.Corrupt.Mends = false;
        one.Watch = one.Twin.Watch = new() { Period = TimeSpan.FromSeconds(2) };
        harness.StartNode(one.Twin);
        one.Twin.Faults.Fail("forensics.preserve");
        var run = await harness.RecoverAsync(i => i with { Node = "", Nodes = [one.Node, one.Twin.Node] });
        await run.WhenAsync(RunPhase.Parked);
        await run.DoAsync(Verbs.Retry);
        await run.ApproveAsync();
        await run.WhenAsync(s => s.Gates.Any(g => g.Open && g.Name == one.Twin.Node + "/rollback"));
        await run.ApproveAsync();
        await run.WhenAsync(s => s.Gates.Any(g => g.Open && g.Name == one.Twin.Node + "/restore"));
        await run.ApproveAsync();
        Assert.Equal(RunOutcome.Succeeded, (await run.ResultAsync()).Outcome);

        await SaveAsync(run.Handle, WorkflowTypes.DataCorruption, "two-nodes");
    }

    [Fact(Explicit = true)]
    public async Task Record_ChainThatStands()
    {
        await using var harness = Harness.Start(server);
        (harness.World.Corrupt.GoodHeight, harness.World.Corrupt.ChainStands) = (1199, true);
        harness.World.Faults.Fail("recovery-plan.keep");
        var run = await harness.RecoverAsync(i => i with { Height = 1199, Coordinated = new() { Version = "v1", Within = TimeSpan.FromSeconds(20) } });
        await run.ApproveGateAsync("bob");
        await run.ApproveGateAsync("dave");
        await run.WhenAsync(RunPhase.Parked);
        await run.Handle.ExecuteUpdateAsync<OthersReadyReply>(DataCorruptionWorkflow.OthersReadyMessage, [new OthersReady("carol", "they told me", [])]);
        await run.DoAsync(Verbs.Retry);
        harness.World.Corrupt.ChainStands = false;
        await run.ApproveAsync();
        Assert.Equal(RunOutcome.Succeeded, (await run.ResultAsync()).Outcome);

        await SaveAsync(run.Handle, WorkflowTypes.DataCorruption, "chain-stands");
    }
}
