using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Signing;
using VirtEngine.DR.Tests.Kit;
using Xunit;

namespace VirtEngine.DR.Replay.Tests;

/// <summary>Histories of runs that reserve voting power.</summary>
public sealed partial class RecordTests
{
    [Fact(Explicit = true)]
    public async Task Record_CureOfAValidatorThatTheBudgetRefuses_AndTwoPeopleLetThrough()
    {
        var chain = new BudgetWorld(TimeProvider.System, TimeSpan.FromMilliseconds(20), others: 5, down: 0);
        await using var harness = Harness.Start(server);
        (harness.World.Kind, harness.World.FormerIsWhole, harness.World.Budget) = (NodeKind.Validator, true, chain);
        harness.World.Signer = new SignerWorld { Name = new("virtengine-1", new string('A', 40)) };
        chain.Add(harness.World.Signer.Name.Address, () => harness.World.Process == ProcessState.Running);
        chain.Add(new string('B', 40), () => true);
        Assert.Equal(PowerVerdict.Free, (await chain.Open().ReserveAsync(new(new string('B', 40), "other", []), "validator-b", "elsewhere/run", TestContext.Current.CancellationToken)).Decision.Verdict);

        var run = await harness.CureAsync(input => input with { Cure = Cures.Restart });
        await run.WhenAsync(RunPhase.Parked);
        await run.DoAsync(Verbs.Retry);
        await run.WhenAsync(state => state.Gates.Any(gate => gate is { Open: true, Name: "halt" }));
        await run.ApproveAsync("bob");
        await run.ApproveAsync("carol");
        await run.WhenAsync(RunPhase.Closed);
        Assert.Equal(RunOutcome.Succeeded, (await run.ResultAsync()).Outcome);

        await SaveAsync(run.Handle, WorkflowTypes.NodeFailure, "power-budget");
    }

    [Fact(Explicit = true)]
    public async Task Record_RestoreOfASigningValidatorThatReservesItsPower()
    {
        await using var harness = Harness.Start(server);
        harness.World.Kind = NodeKind.Validator;
        harness.World.Signer = new SignerWorld { Name = Key };
        Chain(harness, () => harness.World.Process == ProcessState.Running);
        var run = await harness.RestoreAsync();
        await run.WhenAsync(state => state.Gates.Any(gate => gate is { Open: true, Name: "restore" }));
        await run.ApproveAsync();
        var state = await run.ResultAsync();
        Assert.Equal(RunOutcome.Succeeded, state.Outcome);
        Assert.Equal(["power-reserve", "power-release"], state.Steps.Where(step => step.Id.StartsWith("power-", StringComparison.Ordinal)).Select(step => step.Id));

        await SaveAsync(run.Handle, WorkflowTypes.BackupRestore, "power-budget");
    }

    [Fact(Explicit = true)]
    public async Task Record_MoveOfASigningKeyThatReservesItsPower()
    {
        await using var harness = Harness.Start(server);
        (harness.World.Kind, harness.World.Process, harness.World.FormerIsWhole) = (NodeKind.Validator, ProcessState.Stopped, true);
        harness.World.Signer = new SignerWorld { Name = Key, Grant = 0, Other = "system-9/disk-9", Holder = "system-9/disk-9", OtherSigns = true, File = null };
        harness.StartOtherHolder();
        Chain(harness, () => harness.World.Process == ProcessState.Running || harness.World.Signer.OtherSigns);
        var run = await harness.MoveAsync();
        await run.ApproveAsync();
        var state = await run.ResultAsync();
        Assert.Equal(RunOutcome.Succeeded, state.Outcome);
        Assert.Equal(["power-reserve", "power-release"], state.Steps.Where(step => step.Id.StartsWith("power-", StringComparison.Ordinal)).Select(step => step.Id));

        await SaveAsync(run.Handle, WorkflowTypes.SignerMove, "power-budget");
    }

    private static SignerName Key => new("virtengine-1", new string('A', 40));

    /// <summary>Six validators of others, and ours: it may be touched.</summary>
    private static void Chain(Harness harness, Func<bool> signs)
    {
        harness.World.Budget = new BudgetWorld(TimeProvider.System, TimeSpan.FromMilliseconds(20), others: 6, down: 0);
        harness.World.Budget.Add(Key.Address, signs);
    }
}
