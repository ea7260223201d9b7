using System.Security.Cryptography;

namespace VirtEngine.DR.Signing;

/// <summary>Adopts a fence on this machine: written and fsynced, the signer stopped, its lock obtained, and only then answered.</summary>
/// <param name="host">The host.</param>
/// <param name="register">The register, for the seal below the fence.</param>
/// <param name="stop">Stops the signer; returns when it was told so. The lock shows whether it is.</param>
public sealed class FenceAdopter(SignerHost host, RegisterClient register, Func<CancellationToken, Task> stop)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>Does it; doing it twice changes nothing and answers anew.</summary>
    /// <param name="fence">The fence.</param>
    /// <param name="nonce">The asker's.</param>
    /// <param name="key">The machine's key.</param>
    /// <param name="patience">How long the signer may take to let go of its lock.</param>
    /// <param name="cancellationToken">Stops waiting; a written fence stays.</param>
    /// <returns>The answer, or what is missing for one.</returns>
    public async Task<(FenceAnswer? Answer, Decision Decision)> AdoptAsync(long fence, string nonce, ECDsa key, TimeSpan patience, CancellationToken cancellationToken)
    {
        var view = await register.ReadAsync(host.Paths.Signer, cancellationToken).ConfigureAwait(false);
        var before = host.Record.Read() ?? Empty(view);
        if (before is null)
        {
            return (null, Decision.No("no majority of the buckets agrees on the register's members, and this machine has no record yet"));
        }

        if (before.Machine != host.Machine)
        {
            return (null, Decision.No($"the record is of machine {before.Machine}, and this is {host.Machine}: its word about a fence would be another machine's"));
        }

        if (host.Rules.MayAdoptFence(before, view, fence) is { Allowed: false } refused)
        {
            return (null, refused);
        }

        var record = host.Record.Update(now => RecordRules.Fenced(now ?? before, fence));
        await stop(cancellationToken).ConfigureAwait(false);
        using var held = await LockAsync(patience, cancellationToken).ConfigureAwait(false);

        // Who holds the lock is alone: the signer is stopped when the lock is ours.
        var decision = host.Rules.MayAnswerFence(new FenceProgress(record.Fence, held is not null, held is not null), fence);
        if (!decision.Allowed)
        {
            return (null, decision);
        }

        var last = host.ReadHrs().Value;
        var answer = new FenceAnswer
        {
            Signer = host.Paths.Signer,
            Machine = host.Machine,
            Fence = record.Fence,
            BootId = host.BootId,
            Nonce = nonce,
            LastSigned = last,
            Vote = last is null ? null : host.Hrs.ReadSigned()?.Vote,
        };
        return (answer.Sign(key), decision);
    }

    private MachineRecord? Empty(RegisterView view) =>
        view.Members is null ? null : new MachineRecord { Register = view.Members.Register, Signer = host.Paths.Signer, Machine = host.Machine };

    private async Task<HostLock?> LockAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval);
        for (var left = patience; ; left -= Interval)
        {
            if (HostLock.TryTake(host.Paths.Lock, inherited: false) is { } held)
            {
                return held;
            }

            if (left <= TimeSpan.Zero)
            {
                return null;
            }

            await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
