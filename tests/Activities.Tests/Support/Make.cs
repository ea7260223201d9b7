using Temporalio.Exceptions;
using VirtEngine.DR.Activities.Chain.CometBft;
using VirtEngine.DR.Activities.Nodes;

namespace VirtEngine.DR.Activities.Tests.Support;

internal static class Make
{
    public static NodeActivities NodeActivities() => new(NodeControls.Default, new CometBftRpcFactory());

    public static Task<ApplicationFailureException> FailureAsync(Task call) => Assert.ThrowsAsync<ApplicationFailureException>(() => call);
}
