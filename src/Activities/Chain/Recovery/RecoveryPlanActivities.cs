using Temporalio.Activities;
using VirtEngine.DR.Activities.Backups;
using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Backups;
using VirtEngine.DR.Backups.Storage;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Recovery;

namespace VirtEngine.DR.Activities.Chain.Recovery;

/// <summary>Finds out what a plan stands on, keeps it in buckets, and watches others carry it out.</summary>
/// <param name="rpcs">Opens RPCs.</param>
/// <param name="repositories">Opens buckets.</param>
public sealed class RecoveryPlanActivities(IChainRpcFactory rpcs, RepositoryAccess repositories) : IRecoveryPlanActivities
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    [Activity("recovery-plan.facts")]
    public Task<PlanFacts> FactsAsync(PlanQuery query)
    {
        ChainActivities.Check(query.ChainId, query.References);
        return ActivityScope.HeartbeatingAsync(token => new PlanWitness(rpcs, query).AskAsync(token));
    }

    /// <inheritdoc/>
    [Activity("recovery-plan.keep")]
    public Task<PlanReceipt> KeepAsync(PlanKeeping command) => ActivityScope.HeartbeatingAsync(token => BackupFailures.GuardAsync(async () =>
    {
        // Never trusted because it was handed over: what is kept is what verifies.
        var trust = RepositoryAccess.Trust(command.Slice);
        var (plan, _) = RecoveryPlanFiles.Verify(command.Plan.Body, command.Plan.Signature, trust, "the plan to keep");
        if (plan.ChainId != command.Slice.Target.Chain.Id)
        {
            throw Failures.Permanent(ErrorTypes.Untrusted, $"a plan of chain '{plan.ChainId}' is not kept here: the estate's chain is '{command.Slice.Target.Chain.Id}'");
        }

        var store = repositories.Store(command.Bucket);
        var key = RecoveryPlanFiles.KeyOf(plan);

        // The signature goes first: a plan without one would look like one that is not signed.
        await PutAsync(store, RecoveryPlanFiles.SignatureOf(key), command.Plan.Signature, token).ConfigureAwait(false);
        await PutAsync(store, key, command.Plan.Body, token).ConfigureAwait(false);
        var body = await store.ReadAllAsync(key, RecoveryPlanFiles.MostBytes, token).ConfigureAwait(false) ?? throw new BackupException(BackupErrorCodes.SignatureMissing, $"{store.Location}: {key} is not there after it was written");
        _ = RecoveryPlanFiles.Verify(body, await store.ReadAllAsync(RecoveryPlanFiles.SignatureOf(key), RecoveryPlanFiles.MostBytes, token).ConfigureAwait(false), trust, $"{store.Location}: {key}");
        return new PlanReceipt(command.Bucket.Region, key);
    }));

    /// <inheritdoc/>
    [Activity("recovery-plan.watch")]
    public Task<PlanProgress> WatchAsync(PlanWatch watch)
    {
        ChainActivities.Check(watch.ChainId, watch.References);
        var ready = new ReadyPower(rpcs, watch);
        PlanProgress? last = null;
        return ActivityScope.HeartbeatingAsync(
            async token =>
            {
                var end = DateTime.UtcNow + watch.Within;
                while (true)
                {
                    last = await ready.LookAsync(token).ConfigureAwait(false);
                    if (last.Power >= watch.Enough || DateTime.UtcNow + Between > end)
                    {
                        return last;
                    }

                    await Task.Delay(Between, token).ConfigureAwait(false);
                }
            },
            () => last);
    }

    private static async Task PutAsync(IObjectStore store, string key, byte[] body, CancellationToken token)
    {
        if (await store.PutAsync(key, body, new PutOptions(ContentType: "application/json"), token).ConfigureAwait(false) == PutOutcome.Created)
        {
            return;
        }

        // Ours from an attempt whose answer was lost, or somebody else's: a plan is never overwritten.
        var there = await store.ReadAllAsync(key, RecoveryPlanFiles.MostBytes, token).ConfigureAwait(false);
        if (there is null || !there.AsSpan().SequenceEqual(body))
        {
            throw Failures.Permanent(ErrorTypes.Conflict, $"{store.Location}: {key} is there already and says something else");
        }
    }
}
