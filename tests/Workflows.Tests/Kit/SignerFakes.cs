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
        world.Admit("signer.fence", act.Key);
        Signer.Fence = Math.Max(Signer.Fence, act.Epoch);
        world.Process = ProcessState.Stopped;
        return new FenceReport(new FenceAnswer { Signer = act.Signer, Machine = SignerWorld.Machine, Fence = Signer.Fence, BootId = "boot-1", Nonce = act.Nonce, LastSigned = Signer.File }, []);
    });

    [Activity("signer.await-silence")]
    public Task<SilenceReport> AwaitSilenceAsync(SignerAct act) => world.Faults.RunAsync("signer.await-silence", () =>
        new SilenceReport(Signer.LastOnChain, Signer.LastOnChain + 10, false, "silent"));

    [Activity("signer.judge")]
    public Task<Judgement> JudgeAsync(SignerAsk ask) => world.Faults.RunAsync("signer.judge", () =>
        ask.Answers.Any(answer => answer.Fence >= ask.Act.Epoch && answer.Nonce == ask.Act.Nonce)
            ? new Judgement(
                new SlotObject
                {
                    Kind = SlotKind.Holder,
                    Signer = ask.Act.Signer,
                    Register = "r",
                    Epoch = ask.Act.Epoch,
                    Holder = SignerWorld.Machine,
                    AskId = ask.AskId,
                    Floor = Hrs.AfterHeight(ask.Silence.ClosedAt!.Value),
                },
                [])
            : new Judgement(null, ["the holder is not ended"]));

    [Activity("signer.slot")]
    public Task<SlotReport> SlotAsync(SignerPut put) => world.Faults.RunAsync("signer.slot", () => Slot(put.Object));

    [Activity("signer.put")]
    public Task<SlotReport> PutAsync(SignerPut put) => world.Faults.RunAsync("signer.put", () =>
    {
        world.Admit("signer.put", put.Act.Key);
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

        Signer.Floor = Hrs.AfterHeight(Signer.LastOnChain + 10);
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

    private SignerHolder[] Holders() =>
        Signer.Other is { } other ? [Own(), new(other, Signer.Epoch, "its object may yet reach a majority", "validator-9")] : [Own()];

    private SignerHolder Own() => new(SignerWorld.Machine, Signer.Epoch, "its object counts", world.Node);

    private SignerReport Observe() => world.Signer is not { } signer
        ? new() { At = world.Time.GetUtcNow(), NotEnrolled = $"gate.json of {world.Node} is missing: this key is not enrolled on this host" }
        : new()
        {
            At = world.Time.GetUtcNow(),
            Signer = SignerWorld.Name,
            Machine = SignerWorld.Machine,
            State = "Active",
            Epoch = signer.Epoch,
            Holder = SignerWorld.Machine,
            MaySign = Holders(),
            NextEpoch = signer.Filled + 2,
            Grant = signer.Grant,
            Fence = signer.Fence,
            Floor = signer.Floor,
            LastSigned = signer.File,
            Refuses = signer.Refuses,
        };
}
