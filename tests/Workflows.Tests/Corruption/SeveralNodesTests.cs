using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Tests.Kit;
using VirtEngine.DR.Workflows.Corruption;
using Xunit;

namespace VirtEngine.DR.Workflows.Tests.Corruption;

/// <summary>RB-DR-004 for several nodes: stopped, copied and judged together, cured one after the other, and never the last healthy source taken away.</summary>
public sealed class SeveralNodesTests(DevServer server)
{
    [Fact]
    public async Task Run_TwoNodes_CopiesBothBeforeAnythingIsUndoneAndCuresOneAfterTheOther()
    {
        await using var harness = Two();
        var (one, two) = Worlds(harness);
        var run = await RecoverAsync(harness);

        await run.ApproveAsync();
        var half = await run.WhenAsync(s => s.Gates.Any(g => g.Open && g.Name.EndsWith(two.Node + "/rollback", StringComparison.Ordinal)));
        Assert.Equal("Running/former", one.Summary);
        Assert.Equal("Stopped/former", two.Summary);
        Assert.Empty(two.Corrupt.Rolled);
        Assert.Contains("did not come back", Step(half, one, "agree").Detail, StringComparison.Ordinal);
        await run.ApproveAsync();
        var state = await run.ResultAsync();

        Assert.True(state.Outcome == RunOutcome.Succeeded, Journal(state));
        Assert.All(new[] { one, two }, world => Assert.Equal(["node.stop", "forensics.preserve", "rollback.one", "node.start"], world.Acts.Select(act => act.Activity)));
        Assert.True(Number(two, "forensics.preserve") < Number(one, "rollback.one"));
        Assert.True(Number(one, "node.start") < Number(two, "rollback.one"));
        Assert.Equal($"node/{one.Node},{two.Node}", state.Target);
        Assert.Equal(2, state.Missing.Count(line => line.Contains("forensic copy", StringComparison.Ordinal)));
        Assert.Contains(state.Facts, fact => fact.Name == two.Node + "/found");
    }

    [Fact]
    public async Task Run_BothAreWrongInTheSameWay_DoNotSpeakForEachOther()
    {
        await using var harness = Two();
        var (one, two) = Worlds(harness);

        // With the second node among the references two wrong ones would outvote the one that is right.
        one.References = two.References = [new("full-9"), new(one.Node), new(two.Node)];
        one.Corrupt.Deviant = two.Node;
        var run = await RecoverAsync(harness);
        await run.ApproveAsync();
        await run.ApproveAsync();

        var state = await run.ResultAsync();

        Assert.True(state.Outcome == RunOutcome.Succeeded, Journal(state));
        Assert.Contains("full-9", Step(state, one, "decide").Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_OneCopyFails_NothingIsUndoneOnEitherNode()
    {
        await using var harness = Two();
        var (one, two) = Worlds(harness);
        two.Faults.Fail("forensics.preserve");
        var run = await RecoverAsync(harness);

        await run.WhenAsync(RunPhase.Parked);
        Assert.Empty(one.Corrupt.Rolled);
        Assert.Equal(["node.stop", "forensics.preserve"], one.Acts.Select(act => act.Activity));
        await run.DoAsync(Verbs.Retry);
        await run.ApproveAsync();
        await run.ApproveAsync();

        Assert.Equal(RunOutcome.Succeeded, (await run.ResultAsync()).Outcome);
    }

    [Fact]
    public async Task Run_OneOfThemIsNotCorrupt_CanBeLeftAloneForTheOther()
    {
        await using var harness = Two();
        var (one, two) = Worlds(harness);
        (two.Process, two.FormerIsWhole, two.Corrupt.GoodHeight) = (ProcessState.Stopped, true, long.MaxValue);
        var run = await RecoverAsync(harness);
        Assert.EndsWith("/contain", (await run.WhenAsync(s => s.Gates.Any(g => g.Open))).Gates.First(g => g.Open).Name, StringComparison.Ordinal);
        await run.ApproveAsync();
        var parked = await run.WhenAsync(RunPhase.Parked);
        Assert.Contains("skip leaves this node as it is", Step(parked, two, "decide").Error, StringComparison.Ordinal);

        await run.DoAsync(Verbs.Skip, new() { By = "bob", Step = two.Node + "/decide" });
        await run.ApproveAsync();
        var state = await run.ResultAsync();

        Assert.True(state.Outcome == RunOutcome.Partial, Journal(state));
        Assert.Equal("Running/former", one.Summary);
        Assert.Equal("Stopped/former", two.Summary);
        Assert.Contains(state.Missing, line => line.Contains($"run RB-DR-004 --node {two.Node}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_WouldTakeTheLastHealthySourceAway_TouchesNothing()
    {
        await using var harness = Two();
        var (one, two) = Worlds(harness);
        one.References = two.References = [];
        two.Corrupt.GoodHeight = long.MaxValue;

        var state = await (await RecoverAsync(harness)).ResultAsync();

        Assert.Equal(RunOutcome.Failed, state.Outcome);
        Assert.Contains("is the last node that answers with a young block", Journal(state), StringComparison.Ordinal);
        Assert.Empty(one.Acts);
        Assert.Empty(two.Acts);
    }

    [Fact]
    public async Task Run_TheLastSourceFallsSilentOnTheWay_ParksBeforeTheNextNodeIsStopped()
    {
        await using var harness = Two();
        var (one, two) = Worlds(harness);
        var stopping = one.Faults.HoldNext("node.stop");
        var run = await RecoverAsync(harness);
        await stopping.Entered;
        two.Corrupt.ChainStands = true;
        stopping.Release();

        var parked = await run.WhenAsync(RunPhase.Parked);

        Assert.Contains("no healthy node is left", Step(parked, two, "contain").Error, StringComparison.Ordinal);
        Assert.DoesNotContain(two.Acts, act => act.Activity == "node.stop");
        await run.AbortAsync();
        Assert.Equal(RunOutcome.RolledBack, (await run.ResultAsync()).Outcome);
        Assert.Equal("Running/former", one.Summary);
    }

    [Fact]
    public async Task Run_FullNodeAndSigningValidator_TheValidatorSignsUntilItsTurnAndGoesThroughTheBudget()
    {
        await using var harness = Two();
        var (validator, full) = Worlds(harness);
        var chain = new BudgetWorld(TimeProvider.System, TimeSpan.FromMilliseconds(20), others: 5, down: 0);
        (validator.Kind, validator.Signer, validator.Budget) = (NodeKind.Validator, new SignerWorld { Name = new("virtengine-1", new string('A', 40)) }, chain);
        chain.Add(validator.Signer.Name.Address, () => validator.Process == ProcessState.Running);
        var run = await RecoverAsync(harness);

        await run.ApproveAsync();
        var half = await run.WhenAsync(s => s.Gates.Any(g => g.Open && g.Name.StartsWith(validator.Node, StringComparison.Ordinal)));
        Assert.Equal(StepStatus.Done, Step(half, full, "agree").Status);
        Assert.True(Number(full, "node.start") < Number(validator, "node.stop"));
        await run.ApproveAsync();
        var state = await run.ResultAsync();

        Assert.True(state.Outcome == RunOutcome.Succeeded, Journal(state));
        var ids = state.Steps.Select(step => step.Id).ToList();
        Assert.True(ids.IndexOf(full.Node + "/agree") < ids.IndexOf(validator.Node + "/power-reserve"));
        Assert.Contains("lapses with the next signature", Step(state, validator, "power-release").Detail, StringComparison.Ordinal);
        Assert.Empty(chain.Broken);
        Assert.Empty(validator.Signer.Broken);
    }

    [Fact]
    public async Task Run_TheWholeChainAndOneIsTorn_IsRestoredFromABackupThatIsChosenAfterTheOthersAreBack()
    {
        await using var harness = Two();
        var (one, two) = Worlds(harness);
        one.Corrupt.ChainStands = two.Corrupt.ChainStands = true;
        one.Corrupt.Torn = [new("data/application.db/000007.ldb", "block at 4096: wrong checksum")];
        var run = await harness.RecoverAsync(i => i with { Node = "", Nodes = [one.Node, two.Node], Height = 1199, Coordinated = new() { Version = "v1", RemindEvery = TimeSpan.FromMinutes(1) } });
        await run.WhenAsync(s => s.Gates.Any(g => g is { Open: true, Name: CoordinatedSteps.PublishId }));
        await run.ApproveGateAsync("bob");
        await run.ApproveGateAsync("dave");
        await run.WhenAsync(s => s.Steps.Single(step => step.Id.EndsWith(CoordinatedSteps.AwaitId, StringComparison.Ordinal)).Status == StepStatus.Running);
        one.Plans.Back = two.Plans.Back = [.. PlanWorld.Addresses.Take(3)];
        one.Corrupt.ChainStands = two.Corrupt.ChainStands = false;

        // The restore; the rollback; and that once more, for the restore's gate is behind by then, which makes it another plan.
        await run.ApproveAsync();
        await run.ApproveAsync();
        await run.ApproveAsync();

        var state = await run.ResultAsync();

        Assert.True(state.Outcome == RunOutcome.Succeeded, Journal(state));
        Assert.Equal(StepStatus.Done, Step(state, one, "swap").Status);
        Assert.Equal(StepStatus.LeftOut, Step(state, two, "swap").Status);
        Assert.Single(two.Corrupt.Rolled);
    }

    [Fact]
    public async Task Run_Aborted_StartsAllAsTheyWere()
    {
        await using var harness = Two();
        var (one, two) = Worlds(harness);
        var run = await RecoverAsync(harness);
        await run.WhenAsync(s => s.Gates.Any(g => g.Open));
        Assert.Equal(ProcessState.Stopped, two.Process);

        await run.AbortAsync();

        Assert.Equal(RunOutcome.RolledBack, (await run.ResultAsync()).Outcome);
        Assert.Equal("Running/former", one.Summary);
        Assert.Equal("Running/former", two.Summary);
    }

    [Fact]
    public async Task Run_Terminated_IsUnwoundByItsRepairOnEveryNode()
    {
        await using var harness = Two();
        var (one, two) = Worlds(harness);
        var run = await RecoverAsync(harness);
        var state = await run.WhenAsync(s => s.Gates.Any(g => g.Open));
        await run.Handle.TerminateAsync("by mistake");

        var repair = await harness.RepairAsync(state.Handover!, of: run);
        await repair.WhenAsync(s => s.Gates.Any(g => g.Open) || s.Phase == RunPhase.Closed);
        if ((await repair.StateAsync()).Phase != RunPhase.Closed)
        {
            await repair.ApproveGateAsync("bob");
        }

        await repair.ResultAsync();
        Assert.Equal("Running/former", one.Summary);
        Assert.Equal("Running/former", two.Summary);
    }

    [Fact]
    public async Task Run_OneRelapses_OnlyThatOneIsRecoveredAgain()
    {
        await using var harness = Two();
        var (one, two) = Worlds(harness);
        one.Watch = two.Watch = new() { Period = TimeSpan.FromMinutes(5) };
        var run = await RecoverAsync(harness);
        await run.ApproveAsync();
        await run.ApproveAsync();
        await run.WhenAsync(RunPhase.Watching);

        two.FormerIsWhole = false;
        var again = await run.WhenAsync(s => s.Journal.Any(j => j.Event == "watch.relapsed") && s.Gates.Any(g => g.Open));

        Assert.All(again.Steps, step => Assert.StartsWith(two.Node, step.Id, StringComparison.Ordinal));
        Assert.Equal("Running/former", one.Summary);
        await run.AbortAsync();
        await run.ResultAsync();
    }

    [Fact]
    public async Task Run_WrongInput_ListsEverythingAtOnce()
    {
        await using var harness = Harness.Start(server, node: false);

        var failure = await (await harness.RecoverAsync(i => i with { Nodes = ["a", "a", ""], Backup = "1000-x", Configuration = "7" })).FailureAsync();
        Assert.Equal(["node:", "nodes:", "nodes:", "backup:", "configuration:"], failure!.Message.Split('\n').Select(line => line.Split(' ')[0]));

        var many = await (await harness.RecoverAsync(i => i with { Node = "", Nodes = [.. Enumerable.Range(0, 9).Select(n => $"n{n}")] })).FailureAsync();
        Assert.StartsWith("nodes: 9 are more than 8", many!.Message, StringComparison.Ordinal);
    }

    private static (World One, World Two) Worlds(Harness harness) => (harness.World, harness.World.Twin!);

    private static StepState Step(RunState state, World world, string id) => state.Steps.Single(step => step.Id == $"{world.Node}/{id}");

    private static string Journal(RunState state) => string.Join('\n', state.Journal.Select(entry => $"{entry.Event}: {entry.Text}"));

    private static int Number(World world, string activity) => world.Acts.First(act => act.Activity == activity).Key.Number;

    private static Task<Run> RecoverAsync(Harness harness) => harness.RecoverAsync(i => i with { Node = "", Nodes = [harness.World.Node, harness.World.Twin!.Node] });

    /// <summary>Two nodes of one region that run and whose state is wrong by one height.</summary>
    private Harness Two()
    {
        var harness = Harness.Start(server);
        var one = harness.World;
        one.Twin = new World(one.Node + "-b") { Region = one.Region };
        one.Corrupt.GoodHeight = one.Twin.Corrupt.GoodHeight = 1199;
        harness.StartNode(one.Twin);
        return harness;
    }
}
