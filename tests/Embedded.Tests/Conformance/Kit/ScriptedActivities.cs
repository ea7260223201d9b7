using Temporalio.Activities;
using Temporalio.Converters;

namespace VirtEngine.DR.Embedded.Tests.Conformance;

/// <summary>An activity of any type, whose body is the script that its scenario gave.</summary>
public sealed class ScriptedActivities(Stage stage)
{
    /// <summary>The body.</summary>
    [Activity(Dynamic = true)]
    public Task<object?> RunAsync(IRawValue[] args)
    {
        ActivityExecutionContext context = ActivityExecutionContext.Current;
        return stage.ActivityOf(context.Info.ActivityType)(new ScriptedCall(context, args));
    }
}
