using Temporalio.Client;
using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Seeds.Tests.Lab;

/// <summary>The people who look after one runbook: they look when they are paged and from time to time, and do what the seed says, late, twice and wrongly too.</summary>
public sealed class RunOperator
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(4);
    /// <summary>What was tried so often is given up: a retry does not make another cure.</summary>
    private const int GivesUp = 20;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(3);
    private readonly Stage stage;
    private readonly string id;
    private readonly string dice;
    private TimeSpan pause = TimeSpan.FromMinutes(1);
    private int looks;
    private int sent;
    private int pages;
    private int troubles;
    private bool over;

    private RunOperator(Stage stage, string id)
    {
        this.stage = stage;
        this.id = id;
        dice = "operator/" + id;
    }

    /// <summary>Begins to look after a run.</summary>
    public static RunOperator LookAfter(Stage stage, string id, int wild)
    {
        ArgumentNullException.ThrowIfNull(stage);
        var one = new RunOperator(stage, id);
        var watch = stage.Desk.Watch;
        stage.Desk.Watch = () =>
        {
            watch();
            one.HearPages();
        };
        stage.Desk.Plan(TimeSpan.FromSeconds(30), one.LookAgainAsync);
        for (var n = 0; n < wild; n++)
        {
            var what = $"{one.dice}/wild/{n}";
            stage.Desk.Plan(stage.Dice.Time(stage.Dice.One(what + "/within", TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5)), what), () => one.WildAsync(what));
        }

        return one;
    }

    /// <summary>Whether an operator gave the run up by a termination.</summary>
    public bool Terminated { get; private set; }

    /// <summary>Sends a verb: as an update or as a signal, sometimes twice with the same id.</summary>
    public async Task DoAsync(string verb, VerbMessage message, bool? signal = null)
    {
        ArgumentNullException.ThrowIfNull(message);
        var number = ++sent;
        var what = $"{dice}/send/{number}";
        message = message with { Id = message.Id ?? $"m{number}", By = message.By.Length > 0 ? message.By : "bob" };
        var times = stage.Dice.Happens(0.15, what + "/twice") ? 2 : 1;
        for (var n = 1; n <= times; n++)
        {
            var asSignal = signal ?? stage.Dice.Happens(0.3, what + "/signal/" + n);
            var handle = stage.Client.GetWorkflowHandle(id);
            await stage.SendAsync(
                $"{id}: {verb} {message.Gate}{message.Step} by {message.By}, {(asSignal ? "signal" : "update")} {message.Id}",
                () => asSignal
                    ? handle.SignalAsync(verb, [message])
                    : handle.ExecuteUpdateAsync<VerbReply>(verb, [message], new() { Id = $"{id}/{number}/{n}" }));
        }
    }

    private void HearPages()
    {
        for (var count = stage.World.Notifications.Count; pages < count && !over; pages++)
        {
            stage.Desk.Plan(stage.Dice.Time(stage.Dice.One($"{dice}/paged/{pages}/within", Soon, TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(20)), $"{dice}/paged/{pages}"), LookAsync);
        }
    }

    private async Task LookAgainAsync()
    {
        await LookAsync();
        if (!over)
        {
            stage.Desk.Plan(pause, LookAgainAsync);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private async Task LookAsync()
    {
        if (over)
        {
            return;
        }

        var (open, state) = await stage.LookAsync(id);
        over = !open;
        if (!over && state is null)
        {
            stage.Desk.Plan(Soon, LookAsync);
        }
        else if (!over)
        {
            await DecideAsync(state!, $"{dice}/look/{++looks}");
        }
    }

    private async Task DecideAsync(RunState state, string what)
    {
        var die = stage.Dice;
        if (state.Gates.FirstOrDefault(g => g.Open) is { } gate)
        {
            await AnswerAsync(gate, what);
        }
        else if (state.Unwinding is { } unwinding && state.Allowed.Any(a => a.Verb == Verbs.Abort))
        {
            await (die.Happens(0.2, what + "/withdraw")
                ? DoAsync(Verbs.Resume, new())
                : DoAsync(Verbs.Abort, new() { Digest = die.Happens(0.1, what + "/wrong") ? "00000000" : unwinding.Digest[..8] }));
        }
        else if (state.Phase == RunPhase.Paused)
        {
            await DoAsync(die.Happens(0.8, what + "/resume") ? Verbs.Resume : Verbs.Abort, new());
        }
        else if (state.Phase == RunPhase.Parked || state.Allowed.Any(a => a.Verb == Verbs.Retry))
        {
            await TroubleAsync(state, what);
        }
    }

    private Task AnswerAsync(GateState gate, string what)
    {
        var die = stage.Dice;
        var who = die.One(what + "/who", "bob", "carol", "dave");
        return die.Below(20, what + "/answer") switch
        {
            0 => DoAsync(Verbs.Deny, new() { By = who, Gate = gate.Name, Digest = gate.Digest }),
            1 => DoAsync(Verbs.Approve, new() { By = who, Gate = gate.Name, Digest = new string('0', 64) }),
            2 => DoAsync(Verbs.Approve, new() { By = "alice", Gate = gate.Name, Digest = gate.Digest }),
            3 => DoAsync(Verbs.Abort, new() { By = who }),
            _ => DoAsync(Verbs.Approve, new() { By = who, Gate = gate.Name, Digest = gate.Digest![..8] }),
        };
    }

    private Task TroubleAsync(RunState state, string what)
    {
        var die = stage.Dice;
        if (++troubles > 3)
        {
            // People have put right what was broken.
            for (var world = stage.World; world is not null; world = world.Twin)
            {
                world.Healthy = world.Hung = world.FormerIsWhole = true;
                world.RelapseAt = null;
            }
        }

        if (troubles > GivesUp)
        {
            return DoAsync(Verbs.Abort, new());
        }

        if (troubles > 3 && state.Steps.Any(s => s.Error?.Contains("which this run may not touch", StringComparison.Ordinal) == true || (s.Id.EndsWith("decide", StringComparison.Ordinal) && s.Error is not null)))
        {
            // No retry helps: another runbook ends that machine, or nothing is to be recovered, and the page says to abort this one.
            return DoAsync(Verbs.Abort, new());
        }

        var step = state.Steps.FirstOrDefault(s => s.Error is not null)?.Id;
        return die.Below(10, what + "/trouble") switch
        {
            0 or 1 when troubles < 8 => DoAsync(Verbs.Abort, new()),
            2 when state.Allowed.Any(a => a.Verb == Verbs.Skip) => DoAsync(Verbs.Skip, new() { Step = step }),
            3 => DoAsync(Verbs.Acknowledge, new() { By = "carol" }),
            _ => DoAsync(Verbs.Retry, new() { Step = die.Happens(0.5, what + "/named") ? step : null }),
        };
    }

    private async Task WildAsync(string what)
    {
        var die = stage.Dice;
        var handle = stage.Client.GetWorkflowHandle(id);
        switch (die.Below(12, what + "/verb"))
        {
            case 0 or 1:
                await DoAsync(Verbs.Abort, new());
                break;
            case 2:
                await DoAsync(Verbs.Pause, new());
                break;
            case 3:
                // Two people at the same moment.
                using (stage.Time.Hold())
                {
                    await DoAsync(Verbs.Pause, new() { By = "bob" });
                    await DoAsync(Verbs.Abort, new() { By = "carol" });
                }

                break;
            case 4 or 5:
                await stage.SendAsync($"{id}: canceled in the UI", () => handle.CancelAsync());
                break;
            case 6:
                await DoAsync(Verbs.Retry, new());
                break;
            case 7:
                await DoAsync(Verbs.Approve, new() { By = "mallory", Gate = "restore", Digest = "deadbeef" });
                break;
            case 8 when die.Happens(0.5, what + "/terminate"):
                Terminated = true;
                await stage.SendAsync($"{id}: terminated in the UI", () => handle.TerminateAsync("by the seed"));
                break;
            case 9:
                await DoAsync(Verbs.Switch, new());
                break;
            case 10:
                await DoAsync(Verbs.Resume, new());
                break;
            default:
                await DoAsync(Verbs.Note, new() { Why = "seen" });
                break;
        }
    }
}
