using Temporalio.Activities;
using Temporalio.Api.Enums.V1;
using Temporalio.Client;
using Temporalio.Exceptions;
using VirtEngine.DR.Activities.Chain;
using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Signers;
using VirtEngine.DR.Signing;

namespace VirtEngine.DR.Activities.Signing;

/// <summary>The power budget of the estate's chain.</summary>
/// <param name="signing">The estate's section; null where it has none.</param>
/// <param name="rpcs">Opens RPCs.</param>
/// <param name="client">The engine: whether a run that holds a reservation ended.</param>
public sealed class PowerActivities(SigningSpec? signing, IChainRpcFactory rpcs, ITemporalClient client) : IPowerActivities
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    /// <summary>How long an ask waits for what comes by itself: the blocks of <see cref="PowerRules.Slack"/>, and some.</summary>
    private static readonly TimeSpan Waits = TimeSpan.FromSeconds(90);

    private static readonly TimeSpan AskWithin = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    [Activity("power.look")]
    public Task<PowerBudgetReport> LookAsync(PowerQuery query) => ActivityScope.HeartbeatingAsync(async token =>
        PowerBudgets.Report(await Budget(query).LookAsync(new(query.Address, query.AskId, []), token).ConfigureAwait(false), DateTimeOffset.UtcNow));

    /// <inheritdoc/>
    [Activity("power.reserve")]
    public Task<PowerBudgetReport> ReserveAsync(PowerReserve reserve) => ActivityScope.HeartbeatingAsync(async token =>
    {
        var budget = Budget(reserve.Query);
        var ask = new PowerAsk(reserve.Query.Address, reserve.Query.AskId, reserve.Approvals);
        var deadline = DateTime.UtcNow + Waits;
        while (true)
        {
            var outcome = await budget.ReserveAsync(ask, reserve.Query.Node, reserve.AskedBy, token).ConfigureAwait(false);
            var ended = outcome.Decision.Verdict == PowerVerdict.Refused && await EndClosedAsync(budget, outcome, reserve.AskedBy, token).ConfigureAwait(false);
            if (outcome.Decision.Verdict != PowerVerdict.Refused || !(ended || outcome.Decision.Waits) || DateTime.UtcNow > deadline)
            {
                return PowerBudgets.Report(outcome, DateTimeOffset.UtcNow);
            }

            await Task.Delay(Every, token).ConfigureAwait(false);
        }
    });

    /// <inheritdoc/>
    [Activity("power.release")]
    public Task<PowerBudgetReport> ReleaseAsync(PowerReserve reserve) => ActivityScope.HeartbeatingAsync(async token =>
    {
        var budget = Budget(reserve.Query);
        var missing = new List<string>();
        foreach (var own in await budget.OfAsync(reserve.Query.Address, reserve.Query.AskId, token).ConfigureAwait(false))
        {
            var height = (await budget.LookAsync(new(reserve.Query.Address, reserve.Query.AskId, []), token).ConfigureAwait(false)).Picture.Height;
            missing.AddRange((await budget.EndAsync(own, reserve.Query.Node, reserve.AskedBy, height, "its run is done with it", token).ConfigureAwait(false)).Missing);
        }

        return missing.Count == 0
            ? PowerBudgets.Report(await budget.LookAsync(new(reserve.Query.Address, reserve.Query.AskId, []), token).ConfigureAwait(false), DateTimeOffset.UtcNow)
            : throw Failures.Transient($"the end of the reservation could not be written: {string.Join("; ", missing)}");
    });

    /// <summary>Writes the end of every run in the way that this engine knows to be closed. One that it does not know may be another engine's, and goes on.</summary>
    private async Task<bool> EndClosedAsync(PowerBudget budget, PowerOutcome outcome, string askedBy, CancellationToken token)
    {
        var any = false;
        foreach (var one in outcome.InForce.Where(one => one.EndedAbove is null && outcome.Picture.Unknown.Count == 0))
        {
            if (await IsClosedAsync(one.AskedBy, token).ConfigureAwait(false))
            {
                any |= (await budget.EndAsync(one, one.Node, askedBy, outcome.Picture.Height + PowerRules.Slack, "its run is closed", token).ConfigureAwait(false)).Allowed;
            }
        }

        return any;
    }

    private async Task<bool> IsClosedAsync(string run, CancellationToken token)
    {
        var cut = run.LastIndexOf('/');
        if (cut <= 0 || cut == run.Length - 1)
        {
            return false;
        }

        try
        {
            var description = await client.GetWorkflowHandle(run[..cut], runId: run[(cut + 1)..]).DescribeAsync(new() { Rpc = new RpcOptions { CancellationToken = token, Timeout = AskWithin } }).ConfigureAwait(false);
            return description.Status is not (WorkflowExecutionStatus.Running or WorkflowExecutionStatus.Unspecified);
        }
        catch (RpcException)
        {
            // Not known here, or nobody answers: it may go on elsewhere.
            return false;
        }
    }

    private PowerBudget Budget(PowerQuery query) => signing?.Register is null
        ? throw Failures.Permanent(ErrorTypes.NotConfigured, "the estate names no register (signing.register): there is no power budget")
        : PowerBudgets.Open(signing, query.Chain, rpcs);
}
