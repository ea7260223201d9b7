using System.Security.Cryptography;

namespace VirtEngine.DR.Signing;

/// <summary>What an enrolment is told.</summary>
/// <param name="Node">The node of the estate, for people.</param>
/// <param name="AskedBy">Who enrols.</param>
/// <param name="NeverSigned">The key never signed.</param>
/// <param name="ApprovedBy">Who vouches for what no signature proves.</param>
/// <param name="Within">The longest wait for the proof.</param>
public sealed record EnrolmentRequest(string Node, string AskedBy, bool NeverSigned, IReadOnlyList<string> ApprovedBy, TimeSpan Within);

/// <summary>What it came to.</summary>
public enum EnrolmentEnd
{
    /// <summary>Enrolled, and the grant is recorded here.</summary>
    Enrolled,

    /// <summary>It was so before.</summary>
    Already,

    /// <summary>Refused.</summary>
    Refused,

    /// <summary>Buckets or RPCs did not answer; run it again, it goes on.</summary>
    Unreachable,
}

/// <summary>An enrolment's result.</summary>
/// <param name="End">What it came to.</param>
/// <param name="Epoch">The epoch; 0 when none was asked for.</param>
/// <param name="Floor">Its floor.</param>
/// <param name="Words">Why not, or what was proven.</param>
public sealed record EnrolmentResult(EnrolmentEnd End, long Epoch, Hrs? Floor, IReadOnlyList<string> Words);

/// <summary>
/// Enrols the signer of a host: its machine's key, then epoch 1 for the machine that signs now, then the grant's record. Stopped anywhere, it goes on when it is
/// run again. The running signer is left alone: the floor is what its own file said, so nothing is raised.
/// </summary>
/// <param name="host">The host.</param>
/// <param name="register">The register.</param>
/// <param name="witnesses">The chain's heights and signatures.</param>
/// <param name="proof">Proves that this machine signs.</param>
/// <param name="say">Told how it goes.</param>
public sealed class SignerEnrolment(SignerHost host, RegisterClient register, IChainWitnesses witnesses, SigningProof proof, Action<string> say)
{
    /// <summary>Does it.</summary>
    /// <param name="request">What.</param>
    /// <param name="key">The machine's key.</param>
    /// <param name="cancellationToken">Stops it; run again, it goes on.</param>
    public async Task<EnrolmentResult> RunAsync(EnrolmentRequest request, ECDsa key, CancellationToken cancellationToken)
    {
        var view = await ReadAsync(cancellationToken).ConfigureAwait(false);
        var plan = EnrolmentRules.Decide(view, host.Machine);
        if (plan.Step is EnrolmentStep.Unreachable or EnrolmentStep.Refuse)
        {
            return new EnrolmentResult(plan.Step == EnrolmentStep.Refuse ? EnrolmentEnd.Refused : EnrolmentEnd.Unreachable, plan.Epoch, null, plan.Reasons);
        }

        if (plan is { Step: EnrolmentStep.Granted, Slot: { } counted } && view.Buckets.Any(bucket => bucket.Reachable && bucket.At(plan.Epoch) is null))
        {
            // A stop left it in a bare majority; the same bytes in every bucket outlive the loss of one.
            await register.PutAsync(view, counted.Object, cancellationToken).ConfigureAwait(false);
        }

        if (plan is { Step: EnrolmentStep.Granted, Slot: { } held } && Recorded(held))
        {
            var again = await register.EnrolAsync(Machine(request, key), cancellationToken).ConfigureAwait(false);
            return new EnrolmentResult(again.Allowed ? EnrolmentEnd.Already : EnrolmentEnd.Refused, plan.Epoch, held.Object.Floor, again.Allowed ? [$"epoch {plan.Epoch} names this machine, and its grant is recorded here"] : again.Missing);
        }

        // The machine's key before its epoch: who holds an epoch can be asked to adopt a fence.
        if (await register.EnrolAsync(Machine(request, key), cancellationToken).ConfigureAwait(false) is { Allowed: false } unknown)
        {
            return new EnrolmentResult(EnrolmentEnd.Refused, 0, null, unknown.Missing);
        }

        say($"machine {host.Machine} is enrolled with its key");
        return plan.Step switch
        {
            EnrolmentStep.Granted => await RecordAsync(plan.Slot!, cancellationToken).ConfigureAwait(false),
            EnrolmentStep.Complete => await PutAsync(plan.Slot!, cancellationToken).ConfigureAwait(false),
            _ => await AskAsync(request, plan.Epoch, cancellationToken).ConfigureAwait(false),
        };
    }

    /// <summary>Makes this machine known to the register without granting it anything: a key can be moved to it, and it can be asked to adopt a fence.</summary>
    /// <param name="node">The node of the estate, for people.</param>
    /// <param name="key">The machine's key.</param>
    /// <param name="cancellationToken">Stops it; run again, it goes on.</param>
    public async Task<EnrolmentResult> StandbyAsync(string node, ECDsa key, CancellationToken cancellationToken)
    {
        var view = await ReadAsync(cancellationToken).ConfigureAwait(false);
        if (!view.Answers)
        {
            return new EnrolmentResult(EnrolmentEnd.Unreachable, 0, null, [$"{view.Reachable} of {view.Buckets.Count} buckets answer; {view.Majority} are needed"]);
        }

        if (Counting.Current(view) is not { } now)
        {
            return Refused(0, null, "this address is Unknown to the register: enrol the machine that signs now first, on its own host and without --standby");
        }

        var known = await register.MachineAsync(host.Machine, cancellationToken).ConfigureAwait(false) is { } before && before.PublicKey == MachineKey.Public(key);
        var enrolled = await register.EnrolAsync(new EnrolledMachine(host.Machine, MachineKey.Public(key), node), cancellationToken).ConfigureAwait(false);
        return enrolled.Allowed
            ? new EnrolmentResult(known ? EnrolmentEnd.Already : EnrolmentEnd.Enrolled, now.Object.Epoch, null, [$"machine {host.Machine} is known by its key; epoch {now.Object.Epoch} is {now.Object.Holder}'s, and nothing was granted here"])
            : Refused(now.Object.Epoch, null, [.. enrolled.Missing]);
    }

    private static EnrolmentResult Refused(long epoch, Hrs? floor, params IReadOnlyList<string> words) => new(EnrolmentEnd.Refused, epoch, floor, words);

    private async Task<EnrolmentResult> AskAsync(EnrolmentRequest request, long epoch, CancellationToken cancellationToken)
    {
        var (proven, approvals, refused) = await ProveAsync(request, cancellationToken).ConfigureAwait(false);
        if (proven is null)
        {
            return Refused(epoch, null, refused);
        }

        var view = await SealedAsync(epoch, cancellationToken).ConfigureAwait(false);
        var rpcs = await witnesses.LookAsync(host.Paths.Signer, proven.Value.Height, cancellationToken).ConfigureAwait(false);
        var floor = FloorRules.Decide(new FloorObservation
        {
            Known = [new KnownHrs($"machine {host.Machine}", proven.Value)],
            LastHolderFile = proven.Value,

            // What it signed since is its own: the floor holds against heights only, or it would be raised above the running signer.
            Rpcs = [.. rpcs.Select(rpc => rpc with { LastSigned = null })],
        });
        var decision = host.Rules.Ask(new AskObservation
        {
            Sealed = view,
            Generation = view.Members?.Generation,
            Epoch = epoch,
            Holder = host.Machine,
            Ends = [],
            Floor = floor,

            // Nobody is ended, so no silence follows an end: the signer goes on.
            Silence = Decision.Yes,
            Enrolment = true,
        });
        if (!decision.Allowed)
        {
            return Refused(epoch, floor.Floor, decision.Missing);
        }

        return await PutAsync(Slot.Of(new SlotObject
        {
            Kind = SlotKind.Holder,
            Signer = host.Paths.Signer,
            Register = view.Members!.Register,
            Epoch = epoch,
            Generation = view.Members.Generation,
            Holder = host.Machine,
            Floor = floor.Floor!.Value,
            OfflineAllowed = [host.Machine],
            Approvals = [new SlotApproval(request.AskedBy, "enrolment", proven.Words), .. approvals],
            AskedBy = request.AskedBy,
            AskId = Guid.NewGuid().ToString("N"),
        }), cancellationToken).ConfigureAwait(false);
    }

    private async Task<(ProvenSigning? Proof, IReadOnlyList<SlotApproval> Approvals, IReadOnlyList<string> Refused)> ProveAsync(EnrolmentRequest request, CancellationToken cancellationToken)
    {
        IReadOnlyList<SlotApproval> approvals = [.. request.ApprovedBy.Distinct(StringComparer.OrdinalIgnoreCase).Select(name => new SlotApproval(name, EnrolmentRules.Unproven, $"named by {request.AskedBy} at the enrolment on node {request.Node}"))];
        if (request.NeverSigned)
        {
            var (file, problem) = host.ReadHrs();
            var rpcs = await witnesses.LookAsync(host.Paths.Signer, 0, cancellationToken).ConfigureAwait(false);
            var decision = problem is null ? EnrolmentRules.WithoutSignature(approvals, neverSigned: true, file, rpcs) : Decision.No(problem);
            return decision.Allowed ? (new ProvenSigning(Hrs.Zero, "the key never signed, by two people's word and two RPCs"), approvals, []) : (null, [], decision.Missing);
        }

        if (host.Hrs.Format == HrsFormat.Tmkms)
        {
            say("tmkms's state file keeps no signature: only that it moves with the chain can be shown");
            var rpcs = await witnesses.LookAsync(host.Paths.Signer, host.ReadHrs().Value?.Height ?? 0, cancellationToken).ConfigureAwait(false);
            if (EnrolmentRules.WithoutSignature(approvals, neverSigned: false, null, rpcs) is { Allowed: false } unproven)
            {
                return (null, [], unproven.Missing);
            }
        }

        say($"watching the HRS file for a precommit that the chain's commit shows (at most {request.Within.TotalSeconds:0} s)");
        var result = await proof.ProveAsync(host.Paths.Signer, request.Within, say, cancellationToken).ConfigureAwait(false);
        if (result.Proof is { } done)
        {
            say($"proven: {done.Words}");
            return (done, host.Hrs.Format == HrsFormat.Tmkms ? approvals : [], []);
        }

        return (null, [], [result.Missing]);
    }

    private async Task<EnrolmentResult> PutAsync(Slot slot, CancellationToken cancellationToken)
    {
        var outcomes = await register.PutAsync(await ReadAsync(cancellationToken).ConfigureAwait(false), slot.Object, cancellationToken).ConfigureAwait(false);
        var after = await ReadAsync(cancellationToken).ConfigureAwait(false);
        if (Counting.At(after, slot.Object.Epoch)?.Digest == slot.Digest)
        {
            say($"epoch {slot.Object.Epoch} counts");
            return await RecordAsync(slot, cancellationToken).ConfigureAwait(false);
        }

        var words = outcomes.Select(outcome => $"bucket {outcome.Bucket}: {outcome.Outcome}").Prepend($"epoch {slot.Object.Epoch} is not held by a majority; run it again, it goes on");
        return new EnrolmentResult(outcomes.Any(outcome => outcome.Outcome == WriteOutcome.Taken) ? EnrolmentEnd.Refused : EnrolmentEnd.Unreachable, slot.Object.Epoch, slot.Object.Floor, [.. words]);
    }

    private async Task<EnrolmentResult> RecordAsync(Slot slot, CancellationToken cancellationToken)
    {
        if (host.ReadHrs() is var (file, problem) && !(file >= slot.Object.Floor))
        {
            // A running signer's file is never raised: whoever restored an older one must say so, by a move.
            return Refused(slot.Object.Epoch, slot.Object.Floor, $"the HRS file says {file?.ToString() ?? problem ?? "nothing"} and the floor is {slot.Object.Floor}: this is not the file that was proven");
        }

        var recorded = await new GrantRecorder(host, register).RecordAsync(slot.Object.Epoch, cancellationToken).ConfigureAwait(false);
        return recorded.Allowed ? new EnrolmentResult(EnrolmentEnd.Enrolled, slot.Object.Epoch, slot.Object.Floor, [.. slot.Object.Approvals.Select(approval => $"{approval.What} by {approval.By}: {approval.Proof}")])
            : Refused(slot.Object.Epoch, slot.Object.Floor, recorded.Missing);
    }

    private async Task<RegisterView> SealedAsync(long epoch, CancellationToken cancellationToken)
    {
        var view = await ReadAsync(cancellationToken).ConfigureAwait(false);
        if (host.Rules.Seal(view, epoch) is { Holds: false, Empty.Count: > 0 } open)
        {
            await register.FillAsync(host.Paths.Signer, open.Empty, cancellationToken).ConfigureAwait(false);
            view = await ReadAsync(cancellationToken).ConfigureAwait(false);
        }

        return view;
    }

    private EnrolledMachine Machine(EnrolmentRequest request, ECDsa key) => new(host.Machine, MachineKey.Public(key), request.Node);

    private bool Recorded(Slot slot) => host.Record.Read() is { } record && record.Grant == slot.Object.Epoch && record.GrantDigest == slot.Digest;

    private Task<RegisterView> ReadAsync(CancellationToken cancellationToken) => register.ReadAsync(host.Paths.Signer, cancellationToken);
}
