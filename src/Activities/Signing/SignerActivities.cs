using Temporalio.Activities;
using VirtEngine.DR.Activities.Chain;
using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Activities.Nodes;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Contracts.Signers;
using VirtEngine.DR.Signing;

namespace VirtEngine.DR.Activities.Signing;

/// <summary>What askers let a signer's own host do.</summary>
public sealed class SignerActivities(NodeControls controls, IChainRpcFactory rpcs) : ISignerActivities
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    /// <summary>How long a stopped signer may take to let go of its lock.</summary>
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    [Activity("signer.observe")]
    public Task<SignerReport> ObserveAsync(SignerQuery query) => ActivityScope.HeartbeatingAsync(async token =>
        SignerSite.TryOpen(query.Target, query.Signer, rpcs, out var site, out var signer, out var why)
            ? await SignerReports.OfAsync(site, token).ConfigureAwait(false)
            : new SignerReport { At = DateTimeOffset.UtcNow, NotEnrolled = why, Signer = signer });

    /// <inheritdoc/>
    [Activity("signer.seal")]
    public Task<SealReport> SealAsync(SignerAct act) => ActivityScope.HeartbeatingAsync(async token =>
    {
        using var fence = await HomeFence.AcquireAsync(NodeHome.Of(act.Target.Node), act.Key, token).ConfigureAwait(false);
        return await new SignerAsker(Site(act.Target, act.Signer)).SealAsync(act.Epoch, token).ConfigureAwait(false);
    });

    /// <inheritdoc/>
    [Activity("signer.fence")]
    public Task<FenceReport> FenceAsync(SignerAct act) => ActivityScope.HeartbeatingAsync(async token =>
    {
        var site = Site(act.Target, act.Signer);
        using var fence = await HomeFence.AcquireAsync(NodeHome.Of(act.Target.Node), act.Key, token).ConfigureAwait(false);
        using var key = Key(site);
        var adopter = new FenceAdopter(site.Host, site.Register, stop => SignerStart.StopAsync(act.Target, controls, fence, stop));
        var (answer, decision) = await adopter.AdoptAsync(act.Epoch, act.Nonce, key, LockPatience, token).ConfigureAwait(false);
        return new FenceReport(answer, decision.Missing);
    });

    /// <inheritdoc/>
    [Activity("signer.await-silence")]
    public Task<SilenceReport> AwaitSilenceAsync(SignerAct act) => ActivityScope.HeartbeatingAsync(token =>
        new SilenceWatch(Site(act.Target, act.Signer), TimeProvider.System).WaitAsync(token));

    /// <inheritdoc/>
    [Activity("signer.check-ends")]
    public Task<EndsReport> CheckEndsAsync(SignerEnds ends) => ActivityScope.HeartbeatingAsync(async token =>
    {
        var (missing, texts) = await EndStatements.JudgeAsync(ends.Ended, ends.Epoch, Site(ends.Target, ends.Signer), token).ConfigureAwait(false);
        return new EndsReport(missing, texts);
    });

    /// <inheritdoc/>
    [Activity("signer.judge")]
    public Task<Judgement> JudgeAsync(SignerAsk ask) => ActivityScope.HeartbeatingAsync(token =>
        new SignerAsker(Site(ask.Act.Target, ask.Act.Signer)).JudgeAsync(ask, token));

    /// <inheritdoc/>
    [Activity("signer.slot")]
    public Task<SlotReport> SlotAsync(SignerPut put) => ActivityScope.HeartbeatingAsync(token =>
        new SignerAsker(Site(put.Act.Target, put.Act.Signer)).SlotAsync(put.Object, token));

    /// <inheritdoc/>
    [Activity("signer.put")]
    public Task<SlotReport> PutAsync(SignerPut put) => ActivityScope.HeartbeatingAsync(async token =>
    {
        using var fence = await HomeFence.AcquireAsync(NodeHome.Of(put.Act.Target.Node), put.Act.Key, token).ConfigureAwait(false);
        return await new SignerAsker(Site(put.Act.Target, put.Act.Signer)).PutAsync(put.Object, token).ConfigureAwait(false);
    });

    /// <inheritdoc/>
    [Activity("signer.record")]
    public Task<SignerReport> RecordAsync(SignerAct act) => ActivityScope.HeartbeatingAsync(async token =>
    {
        var site = Site(act.Target, act.Signer);
        using var fence = await HomeFence.AcquireAsync(NodeHome.Of(act.Target.Node), act.Key, token).ConfigureAwait(false);
        fence.EnsureCurrent();
        var decision = await new GrantRecorder(site.Host, site.Register).RecordAsync(act.Epoch, token).ConfigureAwait(false);
        return decision.Allowed
            ? await SignerReports.OfAsync(site, token).ConfigureAwait(false)
            : throw Failures.Permanent(ErrorTypes.Forbidden, $"epoch {act.Epoch} is not recorded on '{act.Target.Node.Name}': {string.Join("; ", decision.Missing)}");
    });

    /// <inheritdoc/>
    [Activity("signer.await-signature")]
    public Task<SignatureReport> AwaitSignatureAsync(SignatureQuery query) => ActivityScope.HeartbeatingAsync(async token =>
    {
        var site = Site(query.Target, query.Signer);
        var deadline = DateTime.UtcNow + query.Within;
        while (true)
        {
            var sights = await site.Witnesses.LookAsync(site.Signer, query.Above, token).ConfigureAwait(false);
            if (sights.Where(sight => sight.LastSigned > query.Above).ToList() is { Count: > 0 } showing)
            {
                return new SignatureReport(showing.Max(sight => sight.LastSigned!.Value), [.. showing.Select(sight => sight.Source)]);
            }

            if (DateTime.UtcNow > deadline)
            {
                throw Failures.Permanent(ErrorTypes.Deadline,
                    $"no commit above height {query.Above} holds a signature of {query.Signer.Address} after {query.Within.TotalSeconds:0} s ({sights.Count} RPCs answer): its gate may wait or refuse (virtengine-dr signer status, and the node's log), or the node is still catching up");
            }

            await Task.Delay(Every, token).ConfigureAwait(false);
        }
    });

    private SignerSite Site(NodeTarget target, SignerName signer) =>
        SignerSite.TryOpen(target, signer, rpcs, out var site, out _, out var why) ? site : throw Failures.Permanent(ErrorTypes.NotConfigured, why);

    private static System.Security.Cryptography.ECDsa Key(SignerSite site)
    {
        try
        {
            return MachineKey.Open(site.Host.Paths.MachineKey);
        }
        catch (InvalidDataException e)
        {
            throw Failures.Permanent(ErrorTypes.NotConfigured, e.Message, e);
        }
    }
}
