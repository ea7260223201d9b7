using Temporalio.Activities;
using Temporalio.Exceptions;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Recovery;

namespace VirtEngine.DR.Tests.Kit;

/// <summary>Plans for a whole chain on the world: four validators, of whom the first is this world's own where it has a key.</summary>
public sealed class RecoveryPlanFakes(World world) : IRecoveryPlanActivities, IRecoveryPlanSigningActivities
{
    private PlanWorld Plans => world.Plans;

    [Activity("recovery-plan.facts")]
    public Task<PlanFacts> FactsAsync(PlanQuery query) => world.Faults.RunAsync("recovery-plan.facts", () => new PlanFacts(
        world.Time.GetUtcNow(), CorruptWorld.Good(query.Height), [.. query.References.Select(one => one.Node)],
        [new(world.Signer?.Name.Address ?? PlanWorld.Addresses[0], 10, null), .. PlanWorld.Addresses.Skip(1).Select(one => new RecoveryValidator(one, 10, null))]));

    [Activity("recovery-plan.sign")]
    public Task<SignedPlan> SignAsync(PlanSigning command) => world.Faults.RunAsync("recovery-plan.sign", () =>
    {
        var body = RecoveryPlanBytes.Write(command.Plan);
        return RecoveryPlanBytes.Digest(body) == command.Digest ? new SignedPlan(body, [1], "key") : throw new ApplicationFailureException("not what was approved", ErrorTypes.Untrusted, nonRetryable: true);
    });

    [Activity("recovery-plan.keep")]
    public Task<PlanReceipt> KeepAsync(PlanKeeping command) => world.Faults.RunAsync("recovery-plan.keep", () =>
    {
        Plans.Kept[command.Bucket.Region] = RecoveryPlanBytes.Read(command.Plan.Body);
        return new PlanReceipt(command.Bucket.Region, "recovery-plans/plan.json");
    });

    [Activity("recovery-plan.watch")]
    public async Task<PlanProgress> WatchAsync(PlanWatch watch)
    {
        await world.Faults.RunAsync("recovery-plan.watch", () => true);
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        var end = System.Diagnostics.Stopwatch.StartNew();
        while (true)
        {
            var seen = Plans.Back;
            var power = watch.Validators.Where(one => one.Node is null && (seen.Contains(one.Address) || watch.Said.Contains(one.Address))).Sum(one => one.Power);
            if (power >= watch.Enough || end.Elapsed > watch.Within)
            {
                return new(world.Time.GetUtcNow(), [.. seen], power, []);
            }

            ActivityExecutionContext.Current.Heartbeat();
            await ticks.WaitForNextTickAsync(ActivityExecutionContext.Current.CancellationToken);
        }
    }
}
