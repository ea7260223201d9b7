using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Signing;
using VirtEngine.DR.Tests.Kit;
using Xunit;

namespace VirtEngine.DR.Workflows.Tests.Signers;

/// <summary>A key goes to another machine: whoever may hold it is ended before, and what cannot be ended stops the move.</summary>
public sealed class SignerMoveTests(DevServer server)
{
    private const string Former = "system-9/disk-9";

    [Fact]
    public async Task Run_FormerHolderAnswers_IsFencedBeforeTheNewOneStarts()
    {
        await using var harness = Start();

        var run = await harness.MoveAsync();
        var waiting = await run.WhenAsync(RunPhase.AwaitingApproval);
        Assert.Contains("no grant is recorded", waiting.Gates.Single(gate => gate.Open).Question, StringComparison.Ordinal);
        Assert.Contains(waiting.Plan!.Bounds, bound => bound.Contains($"signers of {harness.World.Signer!.OtherNode}", StringComparison.Ordinal));
        Assert.Empty(harness.World.Acts);
        await run.ApproveAsync();
        var state = await run.ResultAsync();

        Assert.Equal(RunOutcome.Succeeded, state.Outcome);
        Assert.Equal(["signer.seal", "signer.fence", "signer.put", "signer.record", "node.start"], harness.World.Acts.Select(act => act.Activity));
        Assert.Equal((SignerWorld.Machine, 3, 3, false), (harness.World.Signer!.Holder, harness.World.Signer.Grant, harness.World.Signer.OtherFence, harness.World.Signer.OtherSigns));
        Assert.Equal(("bob", "grant"), harness.World.Signer.Objects.Single().Approvals.Select(approval => (approval.By, approval.What)).Single());
        Assert.Contains(state.Missing, left => left.Contains($"run SignerMove --node {harness.World.Signer.OtherNode}", StringComparison.Ordinal));
        Assert.Empty(harness.World.Signer.Broken);
    }

    [Fact]
    public async Task Run_FormerHolderCannotBeFenced_ParksAndGrantsNothing()
    {
        await using var harness = Start();
        harness.World.Faults.Fail("signer.fence");

        var run = await harness.MoveAsync();
        await run.WhenAsync(RunPhase.AwaitingApproval);
        await run.ApproveAsync();
        var parked = await run.WhenAsync(RunPhase.Parked);

        Assert.Equal("signer-fence", parked.Steps.Single(step => step.Error is not null).Id);
        Assert.True(harness.World.Signer!.OtherSigns);
        Assert.Equal(1, harness.World.Signer.Epoch);
        await run.DoAsync(Verbs.Retry);
        var state = await run.ResultAsync();
        Assert.Equal(RunOutcome.Succeeded, state.Outcome);
        Assert.Empty(harness.World.Signer.Broken);
    }

    [Fact]
    public async Task Run_AbortedAfterTheFence_StartsNobodyAndSaysWhoIsFenced()
    {
        await using var harness = Start();
        harness.World.Faults.Fail("signer.await-silence");

        var run = await harness.MoveAsync();
        await run.WhenAsync(RunPhase.AwaitingApproval);
        await run.ApproveAsync();
        await run.WhenAsync(RunPhase.Parked);
        await run.AbortAsync();
        var state = await run.ResultAsync();

        Assert.NotEqual(RunOutcome.Succeeded, state.Outcome);
        Assert.False(harness.World.Signer!.OtherSigns);
        Assert.DoesNotContain(harness.World.Acts, act => act.Activity is "signer.put" or "node.start");
        Assert.Contains(state.Missing, left => left.Contains("is fenced below epoch 3", StringComparison.Ordinal) && left.Contains(harness.World.Signer.OtherNode, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_HaltedChain_NeedsTwoPeopleAndSaysSoInTheRegister()
    {
        await using var harness = Start();
        harness.World.Signer!.Halted = true;
        harness.World.Faults.LoseAnswer("signer.put");

        var run = await harness.MoveAsync();
        await run.WhenAsync(RunPhase.AwaitingApproval);
        await run.ApproveAsync();
        var halted = await run.WhenAsync(state => state.Gates.Any(gate => gate is { Open: true, Name: "signer-halted" }));
        Assert.Equal(2, halted.Gates.Single().Required);
        await run.ApproveAsync();
        await run.ApproveAsync();
        Assert.False((await run.StateAsync()).Gates.Single().Passed);
        await run.ApproveAsync("carol");

        // The register names the new holder already: nothing is asked again.
        await run.WhenAsync(RunPhase.Parked);
        await run.DoAsync(Verbs.Retry);
        var state = await run.ResultAsync();

        Assert.Equal(RunOutcome.Succeeded, state.Outcome);
        Assert.Equal(["bob grant", "bob halted-chain", "carol halted-chain"], harness.World.Signer.Objects.Single().Approvals.Select(approval => $"{approval.By} {approval.What}").Order(StringComparer.Ordinal));
        Assert.Empty(harness.World.Signer.Broken);
    }

    [Fact]
    public async Task Run_HaltedChainWithoutTheFormerFile_AsksWhoSawTheVotes()
    {
        await using var harness = Start();
        (harness.World.Signer!.Halted, harness.World.Signer.OtherFile) = (true, null);

        var run = await harness.MoveAsync();
        await run.WhenAsync(RunPhase.AwaitingApproval);
        await run.ApproveAsync();
        foreach (var gate in (string[])["signer-halted", "signer-vote-sets"])
        {
            await run.WhenAsync(state => state.Gates.Any(one => one.Open && one.Name == gate));
            await run.ApproveAsync();
            await run.ApproveAsync("carol");
        }

        var state = await run.ResultAsync();
        Assert.Equal(RunOutcome.Succeeded, state.Outcome);
        Assert.Equal(2, harness.World.Signer.Objects.Single().Approvals.Count(approval => approval.What == FloorRules.AllVoteSets));
    }

    [Fact]
    public async Task Run_HaltedChainWithAnOldFormerFile_ParksAndAsksWhoSawTheVotesWhenRetried()
    {
        await using var harness = Start();
        (harness.World.Signer!.Halted, harness.World.Signer.FileIsOld) = (true, true);

        var run = await harness.MoveAsync();
        await run.WhenAsync(RunPhase.AwaitingApproval);
        await run.ApproveAsync();
        await ApproveByTwoAsync(run, "signer-halted");
        await run.WhenAsync(RunPhase.Parked);
        await run.DoAsync(Verbs.Retry);
        await ApproveByTwoAsync(run, "signer-halted", "signer-vote-sets");

        var state = await run.ResultAsync();
        Assert.Equal(RunOutcome.Succeeded, state.Outcome);
        Assert.Equal(2, harness.World.Signer.Objects.Single().Approvals.Count(approval => approval.What == FloorRules.AllVoteSets));
    }

    [Fact]
    public async Task Run_KeyIsHereAlready_StartsWithoutAskingAndFencesNobody()
    {
        await using var harness = Start();
        (harness.World.Signer!.Grant, harness.World.Signer.Holder, harness.World.Signer.Other, harness.World.Signer.OtherSigns) = (1, SignerWorld.Machine, null, false);

        var state = await (await harness.MoveAsync()).ResultAsync();

        Assert.Equal(RunOutcome.Succeeded, state.Outcome);
        Assert.Equal(["node.start"], harness.World.Acts.Select(act => act.Activity));
    }

    [Fact]
    public async Task Run_FormerHolderEndedOtherwise_IsNotAskedAndStandsInTheJournal()
    {
        await using var harness = Start(former: false);
        harness.World.Signer!.OtherSigns = false;

        var run = await harness.MoveAsync(input => input with { Ended = [harness.World.Signer.Ended(below: 3)] });
        var waiting = await run.WhenAsync(RunPhase.AwaitingApproval);
        Assert.Contains(waiting.Plan!.Bounds, bound => bound.Contains($"no gate is asked on {Former}", StringComparison.Ordinal));
        await run.ApproveAsync();
        var state = await run.ResultAsync();

        Assert.Equal(RunOutcome.Succeeded, state.Outcome);
        Assert.Equal(["signer.seal", "signer.put", "signer.record", "node.start"], harness.World.Acts.Select(act => act.Activity));
        Assert.Contains("DestroyedInCustody", state.Steps.Single(step => step.Id == "signer-fence").Detail, StringComparison.Ordinal);
        Assert.Contains(state.Facts, fact => fact.Name == "ended" && fact.Value.Contains(Former, StringComparison.Ordinal));
        Assert.Empty(harness.World.Signer.Broken);
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(3, 1)]
    public async Task Run_StatementDoesNotCount_IsRefusedBeforeAnythingIsSealed(long below, int people)
    {
        await using var harness = Start();

        var run = await harness.MoveAsync(input => input with { Ended = [harness.World.Signer!.Ended(below) with { Signatures = [.. Enumerable.Range(0, people).Select(n => new OfflineSignature($"person-{n}", "c2ln"))] }] });
        var state = await run.ResultAsync();

        Assert.Equal(RunOutcome.Failed, state.Outcome);
        Assert.Contains($"the end of {Former} does not count", state.Headline, StringComparison.Ordinal);
        Assert.Empty(harness.World.Acts);
        Assert.True(harness.World.Signer!.OtherSigns);
    }

    [Fact]
    public async Task Run_HostWithoutItsPart_IsRefusedWithTheCommand()
    {
        await using var harness = Start();
        harness.World.Signer = null;

        var failure = await (await harness.MoveAsync()).FailureAsync();

        Assert.Contains("--standby", failure!.Message, StringComparison.Ordinal);
        Assert.Empty(harness.World.Acts);
    }

    [Fact]
    public async Task Run_NodeWithoutData_IsRefusedBeforeAnybodyIsFenced()
    {
        await using var harness = Start();
        harness.World.DataPresent = false;

        var run = await harness.MoveAsync();
        await run.WhenAsync(RunPhase.Closed);

        Assert.Contains("no chain data", (await run.StateAsync()).Headline, StringComparison.Ordinal);
        Assert.True(harness.World.Signer!.OtherSigns);
        Assert.Empty(harness.World.Acts);
    }

    private Harness Start(bool former = true)
    {
        var harness = Harness.Start(server);
        harness.World.Kind = NodeKind.Validator;
        harness.World.Process = ProcessState.Stopped;
        harness.World.FormerIsWhole = true;
        var unique = Guid.NewGuid().ToString("N").ToUpperInvariant();
        harness.World.Signer = new SignerWorld
        {
            Name = new("sim-1", unique + "00000000"),
            Grant = 0,
            Other = Former,
            OtherNode = "former-" + unique[..12],
            OtherSigns = true,
            Holder = Former,
            File = new Hrs(0, 0, 0),
        };
        if (former)
        {
            harness.StartOtherHolder();
        }

        return harness;
    }

    /// <summary>Two people approve these gates, whichever of them are open.</summary>
    private static async Task ApproveByTwoAsync(Run run, params string[] gates)
    {
        var last = gates[^1];
        await run.WhenAsync(state => state.Gates.Any(one => one.Open && gates.Contains(one.Name)));
        while ((await run.StateAsync()).Gates.LastOrDefault(one => one.Name == last) is not { Passed: true })
        {
            var open = await run.WhenAsync(state => state.Gates.Any(one => one.Open && gates.Contains(one.Name)) || state.Gates.Any(one => one.Name == last && one.Passed));
            if (open.Gates.Any(one => one.Open))
            {
                await run.ApproveAsync();
                await run.ApproveAsync("carol");
            }
        }
    }
}
