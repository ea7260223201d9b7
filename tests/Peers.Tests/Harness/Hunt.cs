using System.Text.Json.Nodes;
using VirtEngine.DR.Tests.Shared;

namespace VirtEngine.DR.Peers.Tests.Harness;

/// <summary>
/// One seed of the two-signer hunt: a move of the key to a host, with the worst things that a seed chooses at the steps that it chooses; afterwards an undisturbed
/// move must succeed. What the real processes' timing adds is not the seed's, so a seed names a schedule and not every instant of it.
/// </summary>
/// <param name="stage">The chain and its hosts.</param>
/// <param name="seed">What decides.</param>
/// <param name="granted">The control: starts by hand go through a gate that always grants.</param>
/// <param name="say">Told what happens.</param>
public sealed class Hunt(HuntStage stage, int seed, bool granted, Action<string> say)
{
    private const int Kinds = 15;
    private const string NoRun = "There is no run";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);
    private static readonly string[] Places = ["signer-seal", "signer-fence", "signer-silence", "signer-judge", "signer-put", "signer-record", "start", "prove", "signs"];
    private readonly Random _dice = new(seed);
    private (Cli Engine, string Run)? _other;

    /// <summary>Plays it.</summary>
    /// <param name="from">The host that signs now.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The host that signs afterwards.</returns>
    public async Task<string> PlayAsync(string from, CancellationToken cancellationToken)
    {
        string to = SignerStage.Other(from);
        byte[] disk = await File.ReadAllBytesAsync(stage.HrsFileOf(from), cancellationToken);
        await stage.SaveServerAsync(cancellationToken);
        string run = await BeginAsync(to, cancellationToken);
        say($"seed {seed}: {run}");
        for (int left = 1 + _dice.Next(3); left > 0; left--)
        {
            // The control begins where the interlock's other layers have let go: a second signer before that is found by the silence, and nothing is granted.
            string place = Places[granted ? Array.IndexOf(Places, "start") + _dice.Next(3) : _dice.Next(Places.Length)];
            string at = await UntilAsync(run, place, cancellationToken);
            await DisturbAsync(from, to, disk, $"{place} ({at})", cancellationToken);
            if (granted && await FoundAsync(cancellationToken))
            {
                return from;
            }
        }

        if (granted)
        {
            await stage.KillAsync(from, SignerStage.Slot(from), cancellationToken);
        }

        await stage.HealAsync();
        say($"  it ended {await EndAsync(stage.Cli, run, cancellationToken)}");
        if (_other is { } other)
        {
            say($"  the other engine's {other.Run} ended {await EndAsync(other.Engine, other.Run, cancellationToken)}");
            await stage.EndSecondAsync();
        }

        if (granted)
        {
            if ((await stage.TwoSignersAsync(cancellationToken)).Count > 0)
            {
                return from;
            }

            await stage.ClearAlarmsAsync("the hunt started a twin by hand, and has ended it", cancellationToken);
        }

        return await SettleAsync(_dice.Next(2) == 0 ? from : to, cancellationToken);
    }

    /// <summary>Whether two signers are told of within a few blocks.</summary>
    private async Task<bool> FoundAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Eventually.TrueAsync("two signers are told of", TimeSpan.FromSeconds(60), async () => (await stage.TwoSignersAsync(cancellationToken)).Count > 0, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>An undisturbed move, which shows that whoever may sign can sign.</summary>
    private async Task<string> SettleAsync(string to, CancellationToken cancellationToken)
    {
        string run = await BeginAsync(to, cancellationToken);
        await EndAsync(stage.Cli, run, cancellationToken);
        JsonNode state = await stage.Cli.StateAsync(run, cancellationToken);
        return state["outcome"]!.GetValue<string>() == "succeeded" ? to : throw new InvalidOperationException($"seed {seed}: the last move to {to} did not succeed:\n{state}");
    }

    /// <summary>Starts a move; a run before it may hold its locks a moment longer than it says that it is closed.</summary>
    private Task<string> BeginAsync(string to, CancellationToken cancellationToken) => Eventually.GetAsync($"a move to {to} begins", Patience, async () =>
    {
        string run = await stage.MoveAsync(to, cancellationToken);
        bool refused = await Eventually.GetAsync<object>($"{run} begins", Patience, async () =>
        {
            (int _, string output) = await stage.Cli.TryAsync(cancellationToken, "status", run, "--output", "json");
            return output.Contains("\"Locked\"", StringComparison.Ordinal) ? true : output.Contains("lock.taken", StringComparison.Ordinal) ? false : null;
        }, cancellationToken) is true;
        return refused ? null : run;
    }, cancellationToken);

    private async Task DisturbAsync(string from, string to, byte[] disk, string place, CancellationToken cancellationToken)
    {
        int kind = granted ? 5 : _dice.Next(Kinds);
        string what = kind switch
        {
            0 => "the control worker dies",
            1 => $"the worker of {from} dies",
            2 => $"the worker of {to} dies",
            3 => "the server dies",
            4 => $"the signer of {from} dies",
            5 => $"{from} is started by hand",
            6 => $"{to} is started by hand",
            7 => $"{from} reboots",
            8 => $"{to} reboots",
            9 => $"{from} reboots with an older disk",
            10 => $"the peers of {from} are cut off",
            11 => $"the worker of {to} is cut off from the server",
            12 => "a bucket is cut off",
            13 => $"another engine asks for {from}, with workers of its own on both hosts",
            _ => "the server's database is put back to before the move",
        };
        say($"  at {place}: {what}");
        await (kind switch
        {
            0 => stage.LoseControlAsync(cancellationToken),
            1 => stage.LoseWorkerAsync(from, cancellationToken),
            2 => stage.LoseWorkerAsync(to, cancellationToken),
            3 => stage.LoseServerAsync(cancellationToken),
            4 => stage.KillAsync(from, SignerStage.Slot(from), cancellationToken),
            5 => ByHandAsync(from),
            6 => ByHandAsync(to),
            7 => stage.RebootAsync(from, () => { }, cancellationToken),
            8 => stage.RebootAsync(to, () => { }, cancellationToken),
            9 => stage.RebootAsync(from, () => File.WriteAllBytes(stage.HrsFileOf(from), disk), cancellationToken),
            10 => stage.CutPeersAsync(from),
            11 => stage.CutServerAsync(to),
            12 => stage.CutBucketAsync("b"),
            13 => AskOtherAsync(from, cancellationToken),
            _ => stage.RestoreServerAsync(cancellationToken),
        });
    }

    /// <summary>A second control plane wants the key back where it was.</summary>
    private async Task AskOtherAsync(string node, CancellationToken cancellationToken)
    {
        if (_other is null)
        {
            Cli engine = await stage.SecondAsync(cancellationToken);
            _other = (engine, await SignerStage.MoveAsync(engine, node, cancellationToken));
        }
    }

    private Task ByHandAsync(string node)
    {
        stage.StartByHand(node, granted);
        return Task.CompletedTask;
    }

    /// <summary>Waits until the run has come to a step, or can go no further; answers its gates on the way.</summary>
    private async Task<string> UntilAsync(string run, string place, CancellationToken cancellationToken) => await Eventually.GetAsync($"{run} comes to {place}", Patience, async () =>
    {
        if (await LookAsync(stage.Cli, run, cancellationToken) is not { } state)
        {
            // The database was put back to before it: nobody knows it any more.
            return (await stage.Cli.TryAsync(cancellationToken, "status", run, "--output", "json")).Output.Contains(NoRun, StringComparison.Ordinal) ? "forgotten" : null;
        }

        string phase = state["phase"]!.GetValue<string>();
        string? status = Status(state, place);
        return phase is "closed" or "parked" ? phase : status == "waiting" ? null : status;
    }, cancellationToken);

    /// <summary>People bring a run to its end: they approve, retry three times, then abort.</summary>
    private async Task<string> EndAsync(Cli engine, string run, CancellationToken cancellationToken)
    {
        int retries = 0;
        return await Eventually.GetAsync($"{run} ends", Patience, async () =>
        {
            (int code, string output) = await engine.TryAsync(cancellationToken, "status", run, "--output", "json");
            if (code != 0 && output.Contains(NoRun, StringComparison.Ordinal))
            {
                return "forgotten";
            }

            JsonNode? state = await LookAsync(engine, run, cancellationToken);
            JsonNode? unwinding = state?["unwinding"];
            switch (state?["phase"]!.GetValue<string>())
            {
                case "closed":
                    return state["outcome"]!.GetValue<string>();
                case "parked" when retries++ < 3:
                    say("  parked: " + string.Join("; ", state["steps"]!.AsArray().Select(step => step!["error"]?.GetValue<string>()).Where(error => error is not null)));
                    await engine.TryAsync(cancellationToken, "retry", run, "--by", "bob");
                    break;
                case "parked":
                    await engine.TryAsync(cancellationToken, "abort", run, "--by", "bob");
                    break;
                case "unwinding" when unwinding is not null:
                    await engine.TryAsync(cancellationToken, "abort", run, "--by", "bob", "--confirm", unwinding["digest"]!.GetValue<string>()[..8]);
                    break;
                default:
                    break;
            }

            return null;
        }, cancellationToken);
    }

    /// <summary>The run's state, after its open gate was approved, by one or by two people, sometimes twice; null while nobody answers.</summary>
    private async Task<JsonNode?> LookAsync(Cli engine, string run, CancellationToken cancellationToken)
    {
        await stage.HealInTimeAsync();
        (int code, string output) = await engine.TryAsync(cancellationToken, "status", run, "--output", "json");
        int start = output.IndexOf('{', StringComparison.Ordinal);
        if (code != 0 || start < 0 || JsonNode.Parse(output[start..]) is not { } state || state["phase"] is null)
        {
            return null;
        }

        if (state["gates"]!.AsArray().Any(gate => gate!["open"]!.GetValue<bool>()))
        {
            foreach (string by in (string[])["bob", "bob", "carol"])
            {
                await engine.TryAsync(cancellationToken, "approve", run, "--by", by, "--yes");
            }
        }

        return state;
    }

    private static string? Status(JsonNode state, string step)
    {
        JsonNode? found = state["steps"]!.AsArray().FirstOrDefault(one => one!["id"]!.GetValue<string>() == step);
        return found?["status"]?.GetValue<string>();
    }
}
