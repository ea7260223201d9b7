using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Seeds.Tests.Lab;
using VirtEngine.DR.Signing;
using VirtEngine.DR.Tests.Kit;
using VirtEngine.DR.Workflows.Runbooks;

namespace VirtEngine.DR.Seeds.Tests.Scenarios;

/// <summary>
/// Seven validators of which three are ours, and two runs at once that each want to stop one: however calls are lost and repeated, runs end without a word,
/// and whoever of another engine asks for the third, one signer at a time is touched and more than two thirds go on signing, unless two people approved it.
/// </summary>
public static class PowerLimits
{
    private const int Others = 4;

    private static readonly string[] Calls =
    [
        "node.observe", "node.stop", "node.start", "power.look", "power.reserve", "power.reserve-begins", "power.release", "power.reserve", "chain.await-healthy", "signer.await-signature",
    ];

    /// <summary>Two runs and a third asker.</summary>
    public static Scenario TwoAtOnce { get; } = new()
    {
        Name = "power-limit",
        Workflows = [typeof(NodeFailureWorkflow)],
        Prepare = Prepare,
        Begin = async stage =>
        {
            await stage.StartAsync(WorkflowTypes.NodeFailure, Input(stage, stage.World), "one");
            RunOperator.LookAfter(stage, "one", stage.Dice.Below(3, "operator/wild"));
            stage.Desk.Plan(Some.Moment(stage, "second"), async () =>
            {
                await stage.StartAsync(WorkflowTypes.NodeFailure, Input(stage, stage.World.Twin!), "two", Names.NodeQueue(stage.World.Twin!.Node));
                RunOperator.LookAfter(stage, "two", stage.Dice.Below(3, "operator/wild2"));
            });
            if (stage.Dice.Happens(0.5, "third"))
            {
                stage.Desk.Plan(Some.Moment(stage, "third"), () => AskAsync(stage, stage.World.Budget!));
            }
        },
        Check = account => [.. CommonRules.Check(account), .. Check(account)],
    };

    /// <summary>The same with rules that forget reservations: it shows that the laboratory finds two signers touched at once.</summary>
    public static Scenario Blind { get; } = TwoAtOnce with
    {
        Name = "planted-blind-budget",
        Prepare = (world, dice) =>
        {
            Prepare(world, dice);
            world.Budget!.Rules = new Forgets();
        },
    };

    private static NodeFailureInput Input(Stage stage, World world) => new()
    {
        Node = world.Node,
        Cure = stage.Dice.One("input/cure/" + world.Node, Cures.Restart, Cures.Restart, Cures.Restore),
        Mode = RunMode.Practice,
        Operator = "alice",
        Reason = "it signs and is slow",
    };

    private static void Prepare(World world, Dice dice)
    {
        var chain = new BudgetWorld(world.Time, TimeSpan.FromSeconds(5), Others - dice.Below(2, "chain/down"), 0);
        if (dice.Happens(0.4, "chain/one-down"))
        {
            chain.Add(new string('F', 40), () => false);
        }

        chain.Add(new string('C', 40), () => true);
        world.Twin = new World("node-1") { Time = world.Time };
        foreach (var (one, key) in new[] { (world, 'A'), (world.Twin, 'B') })
        {
            one.Kind = NodeKind.Validator;
            one.FormerIsWhole = true;
            one.Process = dice.Happens(0.15, "world/down/" + one.Node) ? ProcessState.Stopped : ProcessState.Running;
            one.Signer = new SignerWorld { Name = new("virtengine-1", new string(key, 40)) };
            one.Budget = chain;
            chain.Add(one.Signer.Name.Address, () => one.Process == ProcessState.Running);
            Some.Faults(one, dice, Calls);
        }
    }

    /// <summary>An asker of an engine that nobody here knows: it stops the third validator for a while, or dies with its reservation.</summary>
    private static async Task AskAsync(Stage stage, BudgetWorld chain)
    {
        var third = new string('C', 40);
        var outcome = await chain.Open().ReserveAsync(new(third, "third", []), "validator-c", "elsewhere/run-c", CancellationToken.None);
        if (outcome.Decision.Verdict != PowerVerdict.Free)
        {
            return;
        }

        chain.Stopped(third);
        if (stage.Dice.Happens(0.5, "third/back"))
        {
            stage.Desk.Plan(TimeSpan.FromMinutes(2), async () =>
            {
                chain.Started(third);
                foreach (var own in await chain.Open().OfAsync(third, "third", CancellationToken.None))
                {
                    await chain.Open().EndAsync(own, "validator-c", "elsewhere/run-c", outcome.Picture.Height, "done", CancellationToken.None);
                }
            });
        }
    }

    private static IEnumerable<string> Check(Account account)
    {
        foreach (var broken in account.World.Budget!.Broken)
        {
            yield return broken;
        }

        foreach (var world in new[] { account.World, account.World.Twin! })
        {
            foreach (var broken in world.Signer!.Broken)
            {
                yield return $"{world.Node} {broken}";
            }
        }

        foreach (var run in account.Runs.Where(r => r.Type == WorkflowTypes.NodeFailure && r.State?.Outcome == RunOutcome.Succeeded))
        {
            var world = run.WorkflowId == "one" ? account.World : account.World.Twin!;
            if (world.Process != ProcessState.Running)
            {
                yield return $"{run.WorkflowId} succeeded, but its validator is {world.Process}";
            }
        }
    }

    /// <summary>What is reserved and not yet seen counts for nothing.</summary>
    private sealed class Forgets : IPowerRules
    {
        public long NextSlot(RegisterView view) => PowerRules.Instance.NextSlot(view);

        public SealDecision Seal(RegisterView view, long slot) => PowerRules.Instance.Seal(view, slot);

        public long Start(RegisterView view) => PowerRules.Instance.Start(view);

        public BudgetEntry? Checkpoint(RegisterView view, PowerPicture picture) => PowerRules.Instance.Checkpoint(view, picture);

        public IReadOnlyList<Reservation> Reservations(RegisterView view) => PowerRules.Instance.Reservations(view);

        public bool InForce(Reservation reservation, PowerPicture picture) => false;

        public PowerDecision Judge(RegisterView view, PowerPicture picture, PowerAsk ask) =>
            PowerRules.Instance.Judge(view, picture, ask) is { Halts: false, Verdict: PowerVerdict.Refused } ? new(PowerVerdict.Free, []) : PowerRules.Instance.Judge(view, picture, ask);
    }
}
