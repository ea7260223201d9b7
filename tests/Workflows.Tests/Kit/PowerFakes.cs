using Temporalio.Activities;
using Temporalio.Api.Enums.V1;
using Temporalio.Client;
using Temporalio.Exceptions;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Signers;
using VirtEngine.DR.Signing;

namespace VirtEngine.DR.Tests.Kit;

/// <summary>The power budget on the world's chain: the product's own, but for the waiting.</summary>
public sealed class PowerFakes(World world, ITemporalClient client) : IPowerActivities
{
    [Activity("power.look")]
    public Task<PowerBudgetReport> LookAsync(PowerQuery query) => RunAsync("power.look", async budget => await budget.LookAsync(new(query.Address, query.AskId, []), CancellationToken.None));

    [Activity("power.reserve")]
    public Task<PowerBudgetReport> ReserveAsync(PowerReserve reserve) => RunAsync("power.reserve", async budget =>
    {
        var ask = new PowerAsk(reserve.Query.Address, reserve.Query.AskId, reserve.Approvals);
        var outcome = await budget.ReserveAsync(ask, reserve.Query.Node, reserve.AskedBy, CancellationToken.None);
        foreach (var one in outcome.InForce.Where(one => outcome.Decision.Verdict == PowerVerdict.Refused && one.EndedAbove is null))
        {
            if (await IsClosedAsync(one.AskedBy))
            {
                await budget.EndAsync(one, one.Node, reserve.AskedBy, outcome.Picture.Height + PowerRules.Slack, "its run is closed", CancellationToken.None);
            }
        }

        return outcome;
    });

    [Activity("power.release")]
    public Task<PowerBudgetReport> ReleaseAsync(PowerReserve reserve) => RunAsync("power.release", async budget =>
    {
        var seen = await budget.LookAsync(new(reserve.Query.Address, reserve.Query.AskId, []), CancellationToken.None);
        foreach (var own in await budget.OfAsync(reserve.Query.Address, reserve.Query.AskId, CancellationToken.None))
        {
            await budget.EndAsync(own, reserve.Query.Node, reserve.AskedBy, seen.Picture.Height, "done", CancellationToken.None);
        }

        return seen;
    });

    private async Task<PowerBudgetReport> RunAsync(string name, Func<PowerBudget, Task<PowerOutcome>> call)
    {
        var budget = (world.Budget ?? throw new ApplicationFailureException("no register", ErrorTypes.NotConfigured, nonRetryable: true)).Open();
        var outcome = await await world.Faults.RunAsync(name + "-begins", () => call(budget));
        return await world.Faults.RunAsync(name, () => new PowerBudgetReport(
            world.Time.GetUtcNow(), outcome.Decision.Verdict, outcome.Decision.Reasons, outcome.Decision.Halts, outcome.Slot, [.. outcome.InForce.Select(one => one.ToString())],
            $"{outcome.Decision.Verdict}: {string.Join("; ", outcome.Decision.Reasons)}")
        { Counted = outcome.Picture.Unknown.Count == 0 });
    }

    private async Task<bool> IsClosedAsync(string run)
    {
        try
        {
            var cut = run.LastIndexOf('/');
            return (await client.GetWorkflowHandle(run[..cut], runId: run[(cut + 1)..]).DescribeAsync()).Status != WorkflowExecutionStatus.Running;
        }
        catch (RpcException)
        {
            return false;
        }
    }
}
