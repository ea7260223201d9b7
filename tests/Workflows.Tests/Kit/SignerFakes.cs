using Temporalio.Activities;
using Temporalio.Exceptions;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Contracts.Signers;
using VirtEngine.DR.Signing;

namespace VirtEngine.DR.Tests.Kit;

/// <summary>A signer's host on the world; a world without <see cref="World.Signer"/> is not enrolled.</summary>
public sealed class SignerFakes(World world) : ISignerActivities
{
    private SignerWorld Signer => world.Signer ?? throw new ApplicationFailureException("not enrolled", ErrorTypes.NotConfigured, nonRetryable: true);

    [Activity("signer.observe")]
    public Task<SignerReport> ObserveAsync(SignerQuery query) => world.Faults.RunAsync("signer.observe", Observe);

    [Activity("signer.seal")]
    public Task<SealReport> SealAsync(SignerAct act) => world.Faults.RunAsync("signer.seal", () =>
    {
        world.Admit("signer.seal", act.Key);
        Signer.Filled = Math.Max(Signer.Filled, act.Epoch - 1);
        return new SealReport([], Holders());
    });

    [Activity("signer.fence")]
    public Task<FenceReport> FenceAsync(SignerAct act) => world.Faults.RunAsync("signer.fence", () =>
    {
        world.Admit("signer.fence", act.Key, act.Target.Node.Name == Signer.OtherNode ? "other" : "node");
        if (act.Target.Node.Name == Signer.OtherNode)
        {
            if (Signer.OtherSigns)
            {
                world.Budget?.Stopped(Signer.Name.Address);
            }

            (Signer.OtherFence, Signer.OtherSigns) = (Math.Max(Signer.OtherFence, act.Epoch), false);
            return new FenceReport(new FenceAnswer { Signer = act.Signer, Machine = Signer.Other!, Fence = Signer.OtherFence, BootId = "boot-9", Nonce = act.Nonce, LastSigned = Signer.OtherFile }, []);
        }

        if (world.Process == ProcessState.Running)
        {
            world.Budget?.Stopped(Signer.Name.Address);
        }

        Signer.Fence = Math.Max(Signer.Fence, act.Epoch);
        world.Process = ProcessState.Stopped;
        return new FenceReport(new FenceAnswer { Signer = act.Signer, Machine = SignerWorld.Machine, Fence = Signer.Fence, BootId = "boot-1", Nonce = act.Nonce, LastSigned = Signer.File }, []);
    });

    [Activity("signer.await-silence")]
    public Task<SilenceReport> AwaitSilenceAsync(SignerAct act) => world.Faults.RunAsync("signer.await-silence", () =>
        Signer.Halted ? new SilenceReport(Signer.LastOnChain, null, true, "the chain is halted")
            : Signer.OtherSigns ? throw new ApplicationFailureException("somebody still signs", ErrorTypes.Conflict, nonRetryable: true)
            : new SilenceReport(Signer.LastOnChain, Signer.LastOnChain + 10, false, "silent"));

    [Activity("signer.check-ends")]
    public Task<EndsReport> CheckEndsAsync(SignerEnds ends) => world.Faults.RunAsync("signer.check-ends", () => new EndsReport(
        [.. ends.Ended.Where(end => end.Below < ends.Epoch || end.Signatures.Count < 2).Select(end => $"the end of {end.Machine} does not count")],
        [.. ends.Ended.Select(end => $"{end.Machine} by {end.Kind}")]));

    [Activity("signer.judge")]
    public Task<Judgement> JudgeAsync(SignerAsk ask) => world.Faults.RunAsync("signer.judge", () =>
    {
        string[] missing =
        [
            .. Holders().Select(holder => holder.Machine).Distinct().Where(machine => !ask.Answers.Any(answer => answer.Machine == machine && answer.Fence >= ask.Act.Epoch && answer.Nonce == ask.Act.Nonce) && !ask.Ended.Any(end => end.Machine == machine && end.Below >= ask.Act.Epoch)).Select(machine => $"{machine} is not ended"),
            .. SilenceRules.Decide(new SilenceObservation { Begin = ask.Silence.Begin, Rpcs = Sights(ask), Halted = ask.Silence.Halted, Approvals = ask.Approvals }).Missing,
            .. ask.Silence.Halted && ask.Answers.LastOrDefault(answer => answer.Machine == Signer.Holder)?.LastSigned is null && !ask.Approvals.Any(approval => approval.What == FloorRules.AllVoteSets) ? ["no file and no vote sets"] : Array.Empty<string>(),
            .. ask.Silence.Halted && Signer.FileIsOld && !ask.Approvals.Any(approval => approval.What == FloorRules.AllVoteSets) ? [$"the file is old: an approval '{FloorRules.AllVoteSets}'"] : Array.Empty<string>(),
        ];
        return missing.Length > 0 ? new Judgement(null, missing) : new Judgement(
            new SlotObject
            {
                Kind = SlotKind.Holder,
                Signer = ask.Act.Signer,
                Register = "r",
                Epoch = ask.Act.Epoch,
                Holder = SignerWorld.Machine,
                AskId = ask.AskId,
                Approvals = ask.Approvals,
                Floor = Hrs.AfterHeight(ask.Silence.ClosedAt ?? Signer.LastOnChain),
            },
            []);
    });

    [Activity("signer.slot")]
    public Task<SlotReport> SlotAsync(SignerPut put) => world.Faults.RunAsync("signer.slot", () => Slot(put.Object));

    [Activity("signer.put")]
    public Task<SlotReport> PutAsync(SignerPut put) => world.Faults.RunAsync("signer.put", () =>
    {
        world.Admit("signer.put", put.Act.Key);
        if (Signer.Epoch < put.Object.Epoch)
        {
            Signer.Objects.Add(put.Object);
            Signer.Holder = SignerWorld.Machine;
        }

        (Signer.Epoch, Signer.Filled) = (Math.Max(Signer.Epoch, put.Object.Epoch), Math.Max(Signer.Filled, put.Object.Epoch));
        return Slot(put.Object);
    });

    [Activity("signer.record")]
    public Task<SignerReport> RecordAsync(SignerAct act) => world.Faults.RunAsync("signer.record", () =>
    {
        world.Admit("signer.record", act.Key);
        if (Signer.Epoch != act.Epoch || world.Process != ProcessState.Stopped)
        {
            throw new ApplicationFailureException("it does not count, or a signer runs", ErrorTypes.Forbidden, nonRetryable: true);
        }

        Signer.Floor = Hrs.AfterHeight(Signer.LastOnChain + (Signer.Halted ? 0 : 10));
        Signer.File = Hrs.Max(Signer.File ?? Hrs.Zero, Signer.Floor);
        Signer.Grant = act.Epoch;
        return Observe();
    });

    [Activity("signer.await-signature")]
    public Task<SignatureReport> AwaitSignatureAsync(SignatureQuery query) => world.Faults.RunAsync("signer.await-signature", () =>
        world.Process == ProcessState.Running
            ? new SignatureReport(query.Above + 1, ["a", "b"])
            : throw new ApplicationFailureException("no signature", ErrorTypes.Deadline, nonRetryable: true));

    private SlotReport Slot(SlotObject value) => new(Signer.Epoch == value.Epoch, null, $"epoch {Signer.Epoch} counts");

    /// <summary>Who is named by the epoch that counts, and who may yet be.</summary>
    private SignerHolder[] Holders() =>
    [
        .. Signer.Holder == SignerWorld.Machine ? [Own()] : Array.Empty<SignerHolder>(),
        .. Signer.Other is { } other && Signer.OtherFence < Signer.Epoch
            ? [new SignerHolder(other, Signer.Epoch, Signer.Holder == other ? "its object counts" : "its object may yet reach a majority", Signer.OtherNode)] : Array.Empty<SignerHolder>(),
    ];

    private static RpcSight[] Sights(SignerAsk ask) => ask.Silence.Halted ? [] :
        [.. new[] { "a", "b" }.Select(source => new RpcSight(source, ask.Silence.ClosedAt!.Value, true, null, ask.Silence.Begin))];

    private SignerHolder Own() => new(SignerWorld.Machine, Signer.Epoch, "its object counts", world.Node);

    private SignerReport Observe() => world.Signer is not { } signer
        ? new() { At = world.Time.GetUtcNow(), NotEnrolled = $"gate.json of {world.Node} is missing: this key is not enrolled on this host" }
        : new()
        {
            At = world.Time.GetUtcNow(),
            Signer = signer.Name,
            Machine = SignerWorld.Machine,
            State = "Active",
            Epoch = signer.Epoch,
            Holder = signer.Holder,
            MaySign = Holders(),
            NextEpoch = signer.Filled + 2,
            Grant = signer.Grant,
            Fence = signer.Fence,
            Floor = signer.Floor,
            LastSigned = signer.File,
            Refuses = signer.Refuses,
        };
}
