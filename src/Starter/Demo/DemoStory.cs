using System.Globalization;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Starter.Backups;
using VirtEngine.DR.Starter.Commands;
using VirtEngine.DR.Starter.Runs;
using VirtEngine.DR.Starter.Session;
using VirtEngine.DR.Starter.Views;

namespace VirtEngine.DR.Starter.Demo;

/// <summary>What happens in the demo: blocks, a backup, its proof, a lost disk, the restore, and a look from outside.</summary>
internal sealed class DemoStory(CliSession session, DemoStage stage, DemoOptions options, DemoVoice voice, MiniRpc rpc)
{
    private static readonly TimeSpan BlockPatience = TimeSpan.FromSeconds(20);

    /// <summary>An act that takes longer than this has gone wrong; the worker's log says how.</summary>
    private static readonly TimeSpan ActPatience = TimeSpan.FromSeconds(90);

    /// <summary>What was shown.</summary>
    public DemoProofs Proofs { get; } = new();

    /// <summary>The restore as it ended; null when it did not come that far.</summary>
    public RunState? Restore { get; private set; }

    /// <summary>Plays all of it.</summary>
    /// <exception cref="TimeoutException">Something took so long that it has gone wrong.</exception>
    public async Task PlayAsync(CancellationToken cancellationToken)
    {
        var height = await rpc.ReachesAsync(stage.FullNode, 5, BlockPatience, cancellationToken).ConfigureAwait(false);
        voice.Say($"{stage.Network.Nodes.Count} nodes in {DemoEstate.Regions.Count} regions make blocks; {DemoEstate.FullNode} is at height {height}.");
        var backup = await WithinAsync(BackUpAsync, cancellationToken).ConfigureAwait(false);
        await WithinAsync(token => VerifyAsync(backup, token), cancellationToken).ConfigureAwait(false);
        await LoseAsync(cancellationToken).ConfigureAwait(false);
        await RestoreAsync(cancellationToken).ConfigureAwait(false);
        if (Restore is { Outcome: RunOutcome.Succeeded })
        {
            await CompareAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<T> WithinAsync<T>(Func<CancellationToken, Task<T>> act, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ActPatience);
        try
        {
            return await act(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"This act was not over after {Durations.Text(ActPatience)}.");
        }
    }

    private async Task<BackupReceipt> BackUpAsync(CancellationToken cancellationToken)
    {
        voice.Act("A backup is taken while blocks come");
        var before = await rpc.HeightAsync(stage.Validator, cancellationToken).ConfigureAwait(false) ?? 0;
        var input = new BackupInput { Node = DemoEstate.FullNode, Operator = options.Starter, Reason = "demo" };
        var outcome = await JobRunner.RunQuietlyAsync<BackupOutcome>(stage.Runs, WorkflowTypes.BackupChainState, DemoEstate.FullNode, input, cancellationToken)
            .ConfigureAwait(false);
        if (outcome.Backups.Count == 0)
        {
            throw new Errors.CliException(ErrorTypes.Deadline, "No backup was taken: " + string.Join("; ", outcome.Failures));
        }

        var receipt = outcome.Backups[0];
        var after = await rpc.ReachesAsync(stage.Validator, before + 1, BlockPatience, cancellationToken).ConfigureAwait(false);
        voice.Say(string.Create(
            CultureInfo.InvariantCulture,
            $"{receipt.Backup.Id}: height {receipt.Backup.Height}, {receipt.Backup.Files} files, {Durations.Bytes(receipt.Backup.Bytes)}; the node stood still for {Durations.Text(receipt.Pause)}."));
        Proofs.Add("a backup was taken while blocks came", after > before, $"height {before} to {after}, pause {Durations.Text(receipt.Pause)}");
        Proofs.Add(
            "every region holds it", receipt.Regions.Count == DemoEstate.Regions.Count,
            string.Join(", ", receipt.Regions) + (receipt.MissingRegions.Count > 0 ? "; missing: " + string.Join("; ", receipt.MissingRegions) : ""));
        return receipt;
    }

    private async Task<bool> VerifyAsync(BackupReceipt backup, CancellationToken cancellationToken)
    {
        voice.Act("The backup is proven: a node is started on it and compared with the chain");
        var input = new VerifyInput { Node = DemoEstate.FullNode, Backup = backup.Backup.Id, Rung = 4 };
        var outcome = await JobRunner.RunQuietlyAsync<VerifyOutcome>(stage.Runs, WorkflowTypes.VerifyBackups, DemoEstate.FullNode, input, cancellationToken)
            .ConfigureAwait(false);
        var best = outcome.Verified.OrderByDescending(report => report.Rung).FirstOrDefault();
        voice.Say(best is null ? "Nothing was verified." : $"Rung {best.Rung} of 4 ({Rungs.Word(best.Rung)}): {string.Join("; ", best.Findings.TakeLast(2))}.");
        Proofs.Add(
            "the backup is proven by a node that ran on it", best?.Rung == 4 && outcome.Failures.Count == 0,
            outcome.Failures.Count > 0 ? string.Join("; ", outcome.Failures) : $"rung {best?.Rung ?? 0}, height {best?.Height}");
        return best?.Rung == 4;
    }

    private async Task LoseAsync(CancellationToken cancellationToken)
    {
        voice.Act($"The disk of {DemoEstate.FullNode} is lost: kill -9, and its data is deleted");
        await stage.LoseDiskAsync().ConfigureAwait(false);
        var gone = await rpc.HeightAsync(stage.FullNode, cancellationToken).ConfigureAwait(false) is null
            && !Directory.Exists(Path.Combine(stage.FullNode.Home, "data"));
        Proofs.Add("the node was really gone", gone, "no process, no data folder");
    }

    private async Task RestoreAsync(CancellationToken cancellationToken)
    {
        voice.Act("RB-DR-006 brings it back");
        var input = new BackupRestoreInput
        {
            Node = DemoEstate.FullNode,
            Mode = RunMode.Practice,
            Operator = options.Starter,
            Reason = "demo: the disk is lost",
            TriggeredAt = DateTimeOffset.UtcNow,
        };
        var run = RunClient.NewId(WorkflowTypes.BackupRestore, input.Node, DateTimeOffset.UtcNow);
        await stage.Runs.StartAsync(WorkflowTypes.BackupRestore, run, input, "demo: restore " + input.Node, cancellationToken).ConfigureAwait(false);
        var watch = new RunWatch(session, token => WatchRuns.ReadAsync(stage.Runs, run, token), TimeProvider.System);
        var state = await watch.UntilAsync(state => state.Phase == RunPhase.Closed || RunExit.NeedsPerson(state), cancellationToken).ConfigureAwait(false);
        if (state.Phase == RunPhase.AwaitingApproval)
        {
            await ApproveAsync(run, state, cancellationToken).ConfigureAwait(false);
            state = await watch.UntilAsync(
                state => state.Phase == RunPhase.Closed || state.Phase is RunPhase.Parked or RunPhase.Paused || state is { Phase: RunPhase.AwaitingApproval, Plan.Number: > 1 },
                cancellationToken).ConfigureAwait(false);
        }

        Restore = state = await WatchRuns.FinalAsync(stage.Runs, run, state, cancellationToken).ConfigureAwait(false);
        var parked = state.Steps.FirstOrDefault(step => step.Status == StepStatus.Failed);
        Proofs.Add(
            "the runbook succeeded", state is { Phase: RunPhase.Closed, Outcome: RunOutcome.Succeeded },
            parked is null ? Words.Phase(state) : $"{Words.Phase(state)}; step {parked.Number} {parked.Title}: {parked.Error}");
        Proofs.Add(
            "within its objective", state.Clock.ProvenAt is not null && ClockText.Share(state.Clock, DateTimeOffset.UtcNow) is null or <= 1,
            ClockText.Line(state.Clock, DateTimeOffset.UtcNow));
    }

    private async Task ApproveAsync(string run, RunState state, CancellationToken cancellationToken)
    {
        var gate = ApproveCommand.OpenGate(state, null);
        var message = new VerbMessage { By = options.Approver, Gate = gate.Name, Digest = state.Plan?.Digest };
        var verb = Verbs.Approve;
        if (options.AskAtKeyboard)
        {
            voice.Say($"{options.Starter} started this and may not approve it. You are {options.Approver} now.");
            verb = Confirmation.Ask(session, $"Approve plan {VerbCommands.Short(state.Plan?.Digest ?? "")} as {options.Approver}?") ? Verbs.Approve : Verbs.Deny;
        }
        else
        {
            voice.Say($"No terminal: {options.Approver} approves plan {VerbCommands.Short(state.Plan?.Digest ?? "")} by itself.");
        }

        var result = await VerbSender.SendAsync(stage.Runs, run, verb, message, null, cancellationToken).ConfigureAwait(false);
        if (result.Accepted != true)
        {
            Proofs.Add("the approval counted", false, result.Message);
        }
    }

    private async Task CompareAsync(CancellationToken cancellationToken)
    {
        voice.Act("A look from outside");
        var height = await rpc.HeightAsync(stage.Validator, cancellationToken).ConfigureAwait(false) ?? 0;
        await rpc.ReachesAsync(stage.FullNode, height + 1, BlockPatience, cancellationToken).ConfigureAwait(false);
        var mine = await rpc.AppHashAsync(stage.FullNode, height, cancellationToken).ConfigureAwait(false);
        var theirs = await rpc.AppHashAsync(stage.Validator, height, cancellationToken).ConfigureAwait(false);
        Proofs.Add("the restored node's app hash equals the chain's", mine is not null && mine == theirs, $"at height {height}: {mine?[..Math.Min(16, mine.Length)]}");
        Proofs.Add("no validator was touched", stage.ValidatorsUntouched == 3, $"{stage.ValidatorsUntouched} of 3 run as they were started");
    }
}
