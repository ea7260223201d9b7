using Temporalio.Exceptions;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Workflows.Flow;

namespace VirtEngine.DR.Workflows.Runbooks;

/// <summary>
/// State sync as a cure: an empty data folder comes in (the former one is kept), the settings are written, the node takes a snapshot from its peers, and the
/// settings are put back, whatever came of it. That it did not help is an answer: the former data comes back, and the next cure's turn comes.
/// </summary>
/// <param name="node">The node.</param>
/// <param name="sync">The calls of the state sync.</param>
/// <param name="calls">The calls of a restore, whose swap it uses.</param>
/// <param name="ladder">The run's cures.</param>
public sealed class StateSyncSteps(NodeSpec node, StateSyncCalls sync, RestoreCalls calls, Func<CureLadder> ladder)
{
    private StateSyncOutcome? outcome;
    private string? former;
    private bool started;
    private bool parked;

    /// <summary>The ids of these steps.</summary>
    public static IReadOnlyList<string> Ids { get; } =
    [
        "statesync-choose", "statesync-stop", "statesync-empty", "statesync-configure", "statesync-start", "statesync-await", "statesync-settle", "statesync-helped",
        "statesync-end", "statesync-back",
    ];

    /// <summary>What it goes by; chosen before any of these steps is carried out.</summary>
    public StateSyncChoice? Choice { get; set; }

    /// <summary>Why it was taken off the ladder, once; null while it was not.</summary>
    public string? Dropped { get; private set; }

    /// <summary>A signal had stopped the process when it was found: nobody wants that back.</summary>
    public bool WasHung { get; set; }

    /// <summary>What is left beside the data for a person to remove.</summary>
    public IEnumerable<string> LeftBehind => former is null ? []
        : [$"The data of {node.Name} from before the state sync is kept in {former} on its host; virtengine-dr backup kept list {node.Name} shows it, remove it when it is not needed any more."];

    /// <summary>What people should know.</summary>
    public IEnumerable<string> Risks => Choice is null ? []
        : [$"{node.Name} begins at a snapshot's height: blocks and transactions before it are not there any more (its former data is kept)", .. StateSyncRules.Risks(Choice.Sources)];

    private StateSyncChoice Chosen => Choice ?? throw new InvalidOperationException("no state sync is chosen");

    private bool Failed => outcome is { Synced: false };

    /// <summary>In order, numbered from the given number on.</summary>
    /// <param name="first">The number of the first step.</param>
    /// <param name="leftOut">Why all of them are left out; null when they are carried out.</param>
    /// <param name="shown">False where a state sync is no cure for this node: then the plan does not speak of it.</param>
    public IReadOnlyList<StepDeclaration> Declare(int first, string? leftOut, bool shown) => !shown ? [] :
    [
        .. Forward().Select(step => step with { LeftOut = leftOut })
            .Concat(Backward().Select(step => step with { LeftOut = Failed ? null : leftOut ?? "only if state sync does not help" }))
            .Select((step, i) => step with { Number = FormattableString.Invariant($"{first + i}") }),
    ];

    /// <summary>A relapse: what is found next decides anew.</summary>
    public void Relapsed()
    {
        outcome = null;
        Choice = null;
        Dropped = null;
        started = parked = false;
    }

    /// <summary>Its turn has come: chooses what it goes by, once, and takes it off the ladder where it cannot be or where a restore is forecast to be faster.</summary>
    /// <param name="slice">The node.</param>
    /// <param name="facts">What is found is recorded there.</param>
    /// <param name="backup">What a restore would take; null where there is none.</param>
    /// <exception cref="ApplicationFailureException">It is the only cure and cannot be.</exception>
    public async Task DecideAsync(NodeSlice slice, FactBook facts, Func<Task<BackupChoice?>> backup)
    {
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(backup);
        if (Choice is null)
        {
            var alone = !ladder().Has(Cures.Restore);
            var restorable = alone ? null : await backup();
            var (found, why) = await StateSyncChoice.FindAsync(slice, sync, restorable);
            if (found is null && restorable is null)
            {
                throw new ApplicationFailureException(
                    $"{node.Name} cannot be state-synced: {why}{(alone ? "" : "; and there is no backup that could be restored now")}", ErrorTypes.Conflict, nonRetryable: true);
            }

            if (found is null || !(alone || found.Forecast.StateSyncFirst))
            {
                Dropped = found is null ? "not taken: " + why : "not taken, a restore is forecast to be faster or surer: " + found.Forecast.Why;
                ladder().Drop(Cures.StateSync);
                facts.Record("statesync", Dropped);
                return;
            }

            Choice = found;
        }

        facts.Record("statesync", Choice.Summary);
    }

    private IEnumerable<StepDeclaration> Forward() =>
    [
        new()
        {
            Number = "", Id = "statesync-choose", Title = "State sync: the trust anchor, the RPC servers and the forecast",
            Parameters = Choice is null ? [] : [FormattableString.Invariant($"trust-height={Choice.Settings.TrustHeight}"), $"trust-hash={Choice.Settings.TrustHash}", $"rpc-servers={string.Join(',', Choice.Settings.RpcServers)}"],
            Act = _ => Task.FromResult<string?>(Chosen.Summary),
        },
        new()
        {
            Number = "", Id = "statesync-stop", Contains = true, Title = $"Stop {node.Name}", Changes = $"the process of {node.Name}",
            Undo = WasHung ? UndoKind.Keep : UndoKind.Restore,
            KeptText = WasHung ? $"{node.Name} stays stopped: it was hung." : "",
            Describe = () => calls.ProcessAsync(endsHung: true), After = "stopped",
            Act = async act => $"{(await calls.EndAsync(ladder().Begin(act.Key))).Process}",
            UndoAct = act => calls.StartAsync(act.Key), UndoRisk = "starts the node on its former data",
        },
        new()
        {
            Number = "", Id = "statesync-empty", Title = "Swap an empty data folder in; the former data stays beside it, and the signing state in place", Changes = $"the data of {node.Name}",
            Undo = UndoKind.Restore,
            Describe = SwapWorldAsync, After = "empty",
            Act = EmptyAsync,
            UndoAct = BackAsync, UndoRisk = "leads back to the data that was to be replaced",
        },
        new()
        {
            Number = "", Id = "statesync-configure", Title = "Write the settings of the state sync into config.toml, in place", Changes = $"config.toml of {node.Name}",
            Undo = UndoKind.Restore,
            Describe = sync.ConfigurationAsync, After = "configured", Partials = ["partial"],
            Act = async act => $"{(await sync.ConfigureAsync(ladder().Begin(act.Key), Chosen.Settings)).Configuration}",
            UndoAct = act => sync.RestoreConfigurationAsync(act.Key),
        },
        new()
        {
            Number = "", Id = "statesync-start", Title = $"Start {node.Name}: it looks for snapshots and takes the newest that the light client verifies", Changes = $"the process of {node.Name}",
            Undo = UndoKind.Restore,
            Describe = StartedAsync, After = "started",
            Act = StartAsync,
            UndoAct = async act =>
            {
                await calls.EndAsync(act.Key);
                started = false;
            },
        },
        new()
        {
            Number = "", Id = "statesync-await", Title = "Wait until it has taken a snapshot and blocks after it, or its time is over",
            Act = AwaitAsync,
        },
        new()
        {
            Number = "", Id = "statesync-settle", Title = "Put config.toml back as it was", Changes = $"config.toml of {node.Name}",
            Undo = UndoKind.Keep, KeptText = $"config.toml of {node.Name} is as it was before the state sync.",
            Describe = sync.ConfigurationAsync, After = "as it was", Partials = ["partial"],
            Act = async act => $"{(await sync.RestoreConfigurationAsync(act.Key)).Configuration}",
        },
        new()
        {
            Number = "", Id = "statesync-helped", Title = "Did it help? Where it did not, the former data comes back and the next cure's turn comes", Replans = true,
            Act = async _ => await HelpedAsync(),
        },
    ];

    private IEnumerable<StepDeclaration> Backward() =>
    [
        new()
        {
            Number = "", Id = "statesync-end", Title = "The state sync did not help: end the node", Changes = $"the process of {node.Name}",
            Undo = UndoKind.Keep, KeptText = $"{node.Name} does not run on what a failed state sync left.",
            Describe = () => calls.ProcessAsync(endsHung: true), After = "stopped",
            Act = async act => $"{(await calls.EndAsync(act.Key)).Process}",
        },
        new()
        {
            Number = "", Id = "statesync-back", Title = "Swap the former data back in; what the state sync fetched stays beside it", Changes = $"the data of {node.Name}",
            Undo = UndoKind.Keep, KeptText = $"{node.Name} has the data that it had before the state sync.",
            Describe = SwapWorldAsync, After = "former",
            Act = async act =>
            {
                await BackAsync(act);
                return "the former data is in place";
            },
        },
    ];

    private async Task<Observed> SwapWorldAsync()
    {
        var swap = await calls.SwappedAsync(sync.Empty);
        return swap.Swapped ? new("empty", $"the data is that of the state sync, the former data is {swap.Kept ?? "gone (there was none)"}") : new("former", "the former data is in place");
    }

    private async Task<string?> EmptyAsync(StepAct act)
    {
        await sync.StageAsync(ladder().Begin(act.Key));
        former = (await calls.SwapAsync(act.Key, sync.Empty)).Kept;
        return $"the former data is {former ?? "gone (there was none)"}";
    }

    private async Task BackAsync(StepAct act)
    {
        await calls.SwapBackAsync(act.Key, sync.Empty);
        former = null;
    }

    /// <summary>Started stays started, also where the node ended again at once: what that means its log says, and the next step reads it.</summary>
    private async Task<Observed> StartedAsync()
    {
        var now = await calls.ProcessAsync();
        return now.Value == "running" ? now with { Value = "started" } : started && now.Blocked is null ? new("started", $"{node.Name} was started and ended again") : now;
    }

    private async Task<string?> StartAsync(StepAct act)
    {
        outcome = null;
        try
        {
            var now = (await calls.StartAsync(act.Key)).Process;
            started = true;
            return $"{now}";
        }
        catch (ActivityFailureException e) when (e.InnerException is ApplicationFailureException { ErrorType: ErrorTypes.Unavailable, NonRetryable: true } atOnce)
        {
            started = true;
            return atOnce.Message;
        }
    }

    private async Task<string?> AwaitAsync(StepAct act)
    {
        outcome = await sync.AwaitAsync(Chosen.Forecast.Deadline);
        return outcome.Text;
    }

    private async Task<string> HelpedAsync()
    {
        if (parked && outcome is { Synced: false })
        {
            // A person says retry: something was mended meanwhile, and the node goes on looking as long as it runs.
            outcome = await sync.AwaitAsync(Chosen.Forecast.Deadline);
        }

        var text = outcome?.Text ?? "it was not waited for";
        if (outcome is { Synced: true })
        {
            ladder().Tell(Cures.StateSync, helped: true);
            return "it helped: " + text;
        }

        // Without another cure a person decides: everything is kept, and an abort leads back.
        if (ladder().Names[^1] == Cures.StateSync)
        {
            parked = true;
            throw new ApplicationFailureException($"the state sync of {node.Name} did not help, and no other cure is left: {text}", ErrorTypes.Deadline, nonRetryable: true);
        }

        ladder().Tell(Cures.StateSync, helped: false);
        return "it did not help: " + text;
    }
}
