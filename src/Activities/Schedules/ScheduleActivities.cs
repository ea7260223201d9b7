using Temporalio.Activities;
using Temporalio.Client;
using Temporalio.Exceptions;
using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Estates;

namespace VirtEngine.DR.Activities.Schedules;

/// <summary>Looks at the schedules through the server.</summary>
/// <param name="estate">Which schedules there should be, and whom to tell.</param>
/// <param name="client">The server.</param>
public sealed class ScheduleActivities(Estate estate, ITemporalClient client) : IScheduleActivities
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    [Activity("schedules.look")]
    public Task<ScheduleSight> LookAsync() => ActivityScope.HeartbeatingAsync(async token =>
    {
        var looks = new List<ScheduleLook>();
        foreach (var spec in estate.Backups.Schedules)
        {
            looks.Add(await LookAsync(spec, token).ConfigureAwait(false));
        }

        return new ScheduleSight(DateTimeOffset.UtcNow, looks, estate.Channels, estate.Simulated);
    });

    private async Task<ScheduleLook> LookAsync(ScheduleSpec spec, CancellationToken token)
    {
        try
        {
            var found = await client.GetScheduleHandle(Names.ScheduleId(spec.Workflow))
                .DescribeAsync(new RpcOptions { CancellationToken = token, Timeout = Within }).ConfigureAwait(false);
            return new ScheduleLook(
                spec.Workflow, spec.CatchUp, true, found.Schedule.State.Paused, found.Info.NumActionsMissedCatchupWindow,
                found.Info.RecentActions.Count > 0 ? Utc(found.Info.RecentActions.Last().ScheduledAt) : null,
                found.Info.NextActionTimes.Count > 0 ? Utc(found.Info.NextActionTimes.First()) : null);
        }
        catch (RpcException e) when (e.Code == RpcException.StatusCode.NotFound)
        {
            return new ScheduleLook(spec.Workflow, spec.CatchUp, false, false, 0, null, null);
        }
        catch (RpcException e)
        {
            throw Failures.Transient($"schedule of {spec.Workflow} cannot be asked: {e.Message}", e);
        }
    }

    private static DateTimeOffset Utc(DateTime time) => new(DateTime.SpecifyKind(time, DateTimeKind.Utc));
}
