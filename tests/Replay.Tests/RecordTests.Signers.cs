using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Tests.Kit;
using Xunit;

namespace VirtEngine.DR.Replay.Tests;

/// <summary>Histories of runs that go through the interlock.</summary>
public sealed partial class RecordTests
{
    [Fact(Explicit = true)]
    public async Task Record_MoveOfASignerWhoseFormerHolderIsEndedByPeople()
    {
        await using var harness = Harness.Start(server);
        (harness.World.Kind, harness.World.Process, harness.World.FormerIsWhole) = (NodeKind.Validator, Contracts.Nodes.ProcessState.Stopped, true);
        harness.World.Signer = new SignerWorld { Grant = 0, Other = "system-9/disk-9", Holder = "system-9/disk-9", File = null };
        var run = await harness.MoveAsync(input => input with { Ended = [harness.World.Signer.Ended(below: 3)] });
        await run.ApproveAsync();
        Assert.Equal(RunOutcome.Succeeded, (await run.ResultAsync()).Outcome);

        await SaveAsync(run.Handle, WorkflowTypes.SignerMove, "ended-by-people");
    }

    [Fact(Explicit = true)]
    public async Task Record_RestoreOfAnEnrolledValidatorWhoseHrsFileIsLost()
    {
        await using var harness = Harness.Start(server);
        harness.World.Kind = NodeKind.Validator;
        harness.World.Signer = new SignerWorld { File = null };
        var run = await harness.RestoreAsync();
        foreach (var name in (string[])["restore", "signer"])
        {
            await run.WhenAsync(state => state.Gates.Any(gate => gate.Open && gate.Name == name));
            await run.ApproveAsync();
        }

        Assert.Equal(RunOutcome.Succeeded, (await run.ResultAsync()).Outcome);

        await SaveAsync(run.Handle, WorkflowTypes.BackupRestore, "validator-enrolled");
    }

    [Fact(Explicit = true)]
    public async Task Record_MoveOfASignerOnAHaltedChain()
    {
        await using var harness = Harness.Start(server);
        (harness.World.Kind, harness.World.Process, harness.World.FormerIsWhole) = (NodeKind.Validator, Contracts.Nodes.ProcessState.Stopped, true);
        harness.World.Signer = new SignerWorld { Grant = 0, Other = "system-9/disk-9", Holder = "system-9/disk-9", OtherSigns = true, File = null, Halted = true };
        harness.StartOtherHolder();
        harness.World.Faults.LoseAnswer("signer.put");
        var run = await harness.MoveAsync();
        await run.ApproveAsync();
        await run.WhenAsync(state => state.Gates.Any(gate => gate is { Open: true, Name: "signer-halted" }));
        await run.ApproveAsync();
        await run.ApproveAsync("carol");
        await run.WhenAsync(RunPhase.Parked);
        await run.DoAsync(Verbs.Retry);
        Assert.Equal(RunOutcome.Succeeded, (await run.ResultAsync()).Outcome);

        await SaveAsync(run.Handle, WorkflowTypes.SignerMove, "halted-chain");
    }
}
