namespace VirtEngine.DR.Signing;

/// <summary>The enrolled machines.</summary>
public sealed partial class RegisterClient
{
    private static readonly SignerName Nobody = new("", "");

    /// <summary>The register's members as they are seen from here, without any signer's slots.</summary>
    public async Task<RegisterView> MembersAsync(CancellationToken cancellationToken)
    {
        var sights = await Task.WhenAll(buckets.Select(bucket => BoundedAsync(
            async token =>
            {
                var (members, why) = await MembersAsync(bucket, token).ConfigureAwait(false);
                return new BucketSight(bucket.Name, members, why is null ? new Dictionary<long, Slot>() : null, why);
            },
            why => new BucketSight(bucket.Name, null, null, why),
            cancellationToken))).ConfigureAwait(false);
        return rules.View(Nobody, register, sights);
    }

    /// <summary>The machine's key that a majority of the members names; null when none does, or not enough of them answer.</summary>
    /// <param name="machine">The machine's identity.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<EnrolledMachine?> MachineAsync(string machine, CancellationToken cancellationToken)
    {
        var view = await MembersAsync(cancellationToken).ConfigureAwait(false);
        return view.Answers ? Counted(view, await SightsAsync(view, machine, cancellationToken).ConfigureAwait(false)) : null;
    }

    /// <summary>
    /// Writes a machine's key into every member that has none. Once written it stays: another key for the same machine is refused wherever one
    /// bucket shows it, and a machine that was enrolled before under another node's name keeps that object.
    /// </summary>
    /// <param name="machine">The machine and its key.</param>
    /// <param name="cancellationToken">Stops it; what is written stays, and doing it again completes it.</param>
    /// <returns>Yes when a majority holds it, else what is missing.</returns>
    public async Task<Decision> EnrolAsync(EnrolledMachine machine, CancellationToken cancellationToken)
    {
        var view = await MembersAsync(cancellationToken).ConfigureAwait(false);
        if (!view.Answers)
        {
            return Decision.No([$"{view.Reachable} of {view.Buckets.Count} buckets answer as members of register '{register}'; {view.Majority} are needed",
                .. view.Buckets.Where(bucket => !bucket.Reachable).Select(bucket => $"bucket {bucket.Bucket}: {bucket.Why}")]);
        }

        var before = await SightsAsync(view, machine.Machine, cancellationToken).ConfigureAwait(false);
        if (Foreign(before, machine) is { Allowed: false } refused)
        {
            return refused;
        }

        // Who enrolled this key here before wins over a new node's name: the same bytes everywhere.
        var body = SlotBytes.Write(before.Select(sight => sight.Found).FirstOrDefault(found => found is not null) ?? machine);
        var outcomes = await Task.WhenAll(before.Where(sight => sight is { Found: null, Why: null }).Select(async sight =>
            (sight.Bucket, Outcome: await WriteAsync(sight.Bucket, RegisterKeys.Machine(machine.Machine), body, cancellationToken).ConfigureAwait(false)))).ConfigureAwait(false);

        // Only what stands there counts.
        var after = await SightsAsync(view, machine.Machine, cancellationToken).ConfigureAwait(false);
        return Foreign(after, machine) is { Allowed: false } raced ? raced
            : Counted(view, after) is not null ? Decision.Yes
            : Decision.No([$"the key of machine {machine.Machine} stands in {after.Count(sight => sight.Found is not null)} of {view.Buckets.Count} buckets; {view.Majority} are needed. Enrol again: what is written stays",
                .. outcomes.Where(item => item.Outcome != WriteOutcome.Written).Select(item => $"bucket {item.Bucket}: {item.Outcome}"),
                .. after.Where(sight => sight.Why is not null).Select(sight => $"bucket {sight.Bucket}: {sight.Why}")]);
    }

    private static EnrolledMachine? Counted(RegisterView view, IReadOnlyList<MachineSight> sights) =>
        sights.Select(sight => sight.Found).OfType<EnrolledMachine>().GroupBy(found => found.PublicKey, StringComparer.Ordinal)
            .FirstOrDefault(group => group.Count() >= view.Majority)?.First();

    private static Decision Foreign(IReadOnlyList<MachineSight> sights, EnrolledMachine machine) =>
        sights.FirstOrDefault(sight => sight.Found is { } found && found.PublicKey != machine.PublicKey) is { } other
            ? Decision.No($"bucket {other.Bucket} holds another key of machine {machine.Machine} (enrolled on node {other.Found!.Node}): this host's machine-key.pem was replaced, or another host has the same identity. A machine's key is not replaced by enrolling again: find out which it is, and give the host an identity of its own (docs/signing.md)")
            : Decision.Yes;

    private async Task<IReadOnlyList<MachineSight>> SightsAsync(RegisterView view, string machine, CancellationToken cancellationToken) =>
        await Task.WhenAll(view.Buckets.Select(async member =>
        {
            if (!member.Reachable || buckets.FirstOrDefault(item => item.Name == member.Bucket) is not { } bucket)
            {
                return new MachineSight(member.Bucket, null, member.Why ?? "it is not configured here");
            }

            var read = await BoundedAsync(token => bucket.GetAsync(RegisterKeys.Machine(machine), token), GetAnswer.Unknown, cancellationToken).ConfigureAwait(false);
            try
            {
                return new MachineSight(member.Bucket, read.Body is null ? null : SlotBytes.ReadMachine(read.Body, machine), read.Unreachable);
            }
            catch (InvalidDataException e)
            {
                return new MachineSight(member.Bucket, null, e.Message);
            }
        })).ConfigureAwait(false);

    /// <summary>What a bucket shows of a machine; neither found nor a why: it is not there.</summary>
    private sealed record MachineSight(string Bucket, EnrolledMachine? Found, string? Why);
}
