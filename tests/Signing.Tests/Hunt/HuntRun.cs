using System.Collections.Immutable;
using System.Globalization;
using VirtEngine.DR.Activities.Signing;
using VirtEngine.DR.Contracts.Signers;
using VirtEngine.DR.Signing.Tests.Support;

namespace VirtEngine.DR.Signing.Tests.Hunt;

/// <summary>What an engine's database remembers of a run. Putting it back brings one of these back.</summary>
internal sealed record RunMemory(RunStep Step, int Asks, long Epoch)
{
    public ImmutableList<SignerHolder> Holders { get; init; } = [];

    public ImmutableList<FenceAnswer> Answers { get; init; } = [];

    public SilenceReport? Silence { get; init; }

    public SlotObject? Value { get; init; }
}

/// <summary>The steps of a move, in the workflow's order.</summary>
internal enum RunStep
{
    Look,
    Seal,
    Fence,
    Silence,
    Judge,
    Put,
    Record,
    Start,
    Done,
}

/// <summary>
/// One engine's run of a move to a machine. The steps are the bodies of the product's activities (<see cref="SignerAsker"/>, <see cref="SilenceWatch"/>,
/// <see cref="FenceAdopter"/>, <see cref="GrantRecorder"/>, <see cref="SignerGate"/>); a step may run twice, be cut off, and go on after the database forgot it.
/// </summary>
internal sealed class HuntRun(HuntWorld world, string name, HuntMachine target)
{
    private readonly List<RunMemory> _history = [];
    private RunMemory _now = new(RunStep.Look, 1, 0);

    public string Name => name;

    public HuntMachine Target => target;

    public Work? Work { get; private set; }

    public RunStep Step => _now.Step;

    public bool Idle => Work is null || Work.Done || Work.Killed;

    public int Failures { get; private set; }

    /// <summary>What went wrong last.</summary>
    public string? Problem { get; private set; }

    private string Nonce => string.Create(CultureInfo.InvariantCulture, $"{name}-nonce-{_now.Asks}");

    /// <summary>Its worker begins the step that is next, or begins it again.</summary>
    public void Go()
    {
        var (before, host) = (_now, Where());
        var work = new Work($"{name} {before.Step}", host.Name);
        Work = work;
        world.Begin(work, async () =>
        {
            var (next, problem) = await TryAsync(work, before, host);

            // The database hears of it only where the run still waits for this attempt.
            if (Work == work && !work.Killed)
            {
                Heard(before, next, problem);
            }
        });
    }

    /// <summary>The engine's database is put back.</summary>
    public bool Forget(Random dice)
    {
        if (_history.Count == 0)
        {
            return false;
        }

        // The attempt that was under way goes on; nobody waits for it any more.
        var back = dice.Next(_history.Count);
        world.Say($"{name} is put back from {_now.Step} to {_history[back].Step}");
        _now = _history[back];
        _history.RemoveRange(back, _history.Count - back);
        Work = null;
        return true;
    }

    /// <summary>People begin the ask anew: another epoch, another nonce.</summary>
    public void Again() => Remember(new RunMemory(RunStep.Look, _now.Asks + 1, 0));

    private void Heard(RunMemory before, RunMemory? next, string? problem)
    {
        Problem = problem;
        if (next is null)
        {
            Failures++;
            world.Say($"{name} {before.Step}: {problem}");
            return;
        }

        world.Count($"step {before.Step} done");
        Remember(next);
    }

    private void Remember(RunMemory next)
    {
        _history.Add(_now);
        _now = next;
    }

    /// <summary>The machine on which the next step is carried out.</summary>
    private HuntMachine Where() => _now.Step == RunStep.Fence && Unfenced() is { } holder ? world.Machine(holder.Machine) : target;

    private SignerHolder? Unfenced() => _now.Holders.Find(holder => !_now.Answers.Exists(answer => answer.Machine == holder.Machine));

    private async Task<(RunMemory? Next, string? Problem)> TryAsync(Work work, RunMemory before, HuntMachine host)
    {
        try
        {
            return await PlayAsync(work, before, host);
        }
        catch (Exception e) when (e is not (KilledException or OperationCanceledException))
        {
            return (null, e.Message);
        }
    }

    private async Task<(RunMemory? Next, string? Problem)> PlayAsync(Work work, RunMemory before, HuntMachine host)
    {
        var site = new SignerSite(host.Host(work), host.Register(work), world.Witnesses(work));
        var asker = new SignerAsker(site);
        var act = new SignerAct(null!, null!, HuntWorld.Signer, before.Epoch, Nonce);
        switch (before.Step)
        {
            case RunStep.Look:
                var view = await site.Register.ReadAsync(HuntWorld.Signer, work.Token);
                return view.Answers ? (before with { Step = RunStep.Seal, Epoch = site.Host.Rules.NextEpoch(view) }, null) : (null, "too few buckets answer");
            case RunStep.Seal:
                var seal = await asker.SealAsync(before.Epoch, work.Token);

                // Only a seal that holds binds the run to its epoch.
                return seal.Missing.Count == 0 ? (before with { Step = RunStep.Fence, Holders = [.. seal.Holders] }, null) : (before with { Step = RunStep.Look }, Text(seal.Missing));
            case RunStep.Fence:
                if (Unfenced() is null)
                {
                    return (before with { Step = RunStep.Silence }, null);
                }

                var (answer, decision) = await new FenceAdopter(site.Host, site.Register, _ => host.StopAsync(work)).AdoptAsync(before.Epoch, act.Nonce, host.Key, TimeSpan.Zero, work.Token);
                return answer is null ? (null, Text(decision.Missing)) : (before with { Answers = before.Answers.Add(answer) }, null);
            case RunStep.Silence:
                var silence = await new SilenceWatch(site, world.Clock).WaitAsync(work.Token);
                return (before with { Step = RunStep.Judge, Silence = silence }, null);
            case RunStep.Judge:
                var ask = new SignerAsk(act, before.Answers, before.Silence!, Approvals(before), name, string.Create(CultureInfo.InvariantCulture, $"{name}-ask-{before.Asks}"));
                var judged = await asker.JudgeAsync(ask, work.Token);
                return judged.Object is null ? (null, Text(judged.Missing)) : (before with { Step = RunStep.Put, Value = judged.Object }, null);
            case RunStep.Put:
                var slot = await asker.PutAsync(before.Value!, work.Token);
                return slot.Counts ? (before with { Step = RunStep.Record }, null) : (null, slot.Text);
            case RunStep.Record:
                var recorded = await new GrantRecorder(site.Host, site.Register).RecordAsync(before.Epoch, work.Token);
                return recorded.Allowed ? (before with { Step = RunStep.Start }, null) : (null, Text(recorded.Missing));
            default:
                await host.StartAsync(work);
                return (before with { Step = RunStep.Done }, null);
        }
    }

    /// <summary>On a halted chain two people's word stands for the silence; the second word only where they saw that the key has no vote in the height that is under way.</summary>
    private IReadOnlyList<SlotApproval> Approvals(RunMemory before) => before.Silence is not { Halted: true } ? [] :
    [
        new SlotApproval("ann", SilenceRules.HaltedApproval, "gate"), new SlotApproval("bob", SilenceRules.HaltedApproval, "gate"),
        .. world.Chain.VotedAt(world.Chain.Height + 1) ? Array.Empty<SlotApproval>() : [new SlotApproval("ann", FloorRules.AllVoteSets, "gate"), new SlotApproval("bob", FloorRules.AllVoteSets, "gate")],
    ];

    private static string Text(IReadOnlyList<string> missing) => string.Join("; ", missing);
}
