using Temporalio.Activities;
using Temporalio.Worker.Interceptors;
using VirtEngine.DR.Embedded;

namespace VirtEngine.DR.Seeds.Tests.Lab;

/// <summary>Every activity takes its time: a while before it acts and a while before it answers, as the seed says.</summary>
public sealed class Durations(VirtualTime time, Dice dice, TimeSpan longest) : IWorkerInterceptor
{
    public ActivityInboundInterceptor InterceptActivity(ActivityInboundInterceptor nextInterceptor) => new Inbound(nextInterceptor, time, dice, longest);

    private sealed class Inbound(ActivityInboundInterceptor next, VirtualTime time, Dice dice, TimeSpan longest) : ActivityInboundInterceptor(next)
    {
        public override async Task<object?> ExecuteActivityAsync(ExecuteActivityInput input)
        {
            var info = ActivityExecutionContext.Current.Info;
            var what = $"{info.WorkflowId}/{info.ActivityType}/{info.ActivityId}/{info.Attempt}";
            await Waiting.ForAsync(time, Some(what + "/before"));
            var result = await base.ExecuteActivityAsync(input);
            await Waiting.ForAsync(time, Some(what + "/after"));
            return result;
        }

        /// <summary>Often nothing, else up to the longest.</summary>
        private TimeSpan Some(string what) => dice.Happens(0.6, what + "/at-once") ? TimeSpan.Zero : dice.Time(longest, what);
    }
}
