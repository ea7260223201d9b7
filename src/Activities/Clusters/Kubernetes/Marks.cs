using System.Globalization;
using Temporalio.Activities;
using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Activities.Clusters.Kubernetes;

/// <summary>What a run leaves on the objects that it changes: which attempt changed it last, and how it was before.</summary>
internal static class Marks
{
    /// <summary>The attempt that changed the object last: run, its first execution, and a number that rises.</summary>
    public const string Attempt = Prefix + "attempt";

    /// <summary>The run that cordoned a machine.</summary>
    public const string CordonedBy = Prefix + "cordoned-by";

    /// <summary>The run that scaled a workload.</summary>
    public const string ScaledBy = Prefix + "scaled-by";

    /// <summary>How many pods were wanted before.</summary>
    public const string Former = Prefix + "former-replicas";

    /// <summary>The run that took a machine out of the load balancers.</summary>
    public const string ExcludedBy = Prefix + "excluded-by";

    /// <summary>When that expires, UTC.</summary>
    public const string ExcludedUntil = Prefix + "excluded-until";

    private const string Prefix = "dr.virtengine.network/";

    /// <summary>An annotation's value; null without one.</summary>
    public static string? Read(IDictionary<string, string>? annotations, string name) => annotations is not null && annotations.TryGetValue(name, out var value) ? value : null;

    /// <summary>A number in an annotation; null without one that is a number.</summary>
    public static int? Number(IDictionary<string, string>? annotations, string name) =>
        int.TryParse(Read(annotations, name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>The mark of an attempt. Numbers rise over the whole run, whatever round of it acts.</summary>
    public static string Of(StepKey key) => Run(key) + key.Number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Refuses a run that was reset, and an attempt below the highest that the object has seen of its run.</summary>
    public static void Check(StepKey key, IDictionary<string, string>? annotations, string what)
    {
        var runsFor = ActivityExecutionContext.HasCurrent ? ActivityExecutionContext.Current.Info.WorkflowRunId : key.Execution;
        if (key.RunId != key.FirstRunId || (key.Execution is { } asked && asked != runsFor))
        {
            throw Failures.Permanent(ErrorTypes.Fenced, $"run {key.WorkflowId} was reset: execution {runsFor ?? key.RunId} is not its first, {key.FirstRunId}, which may have acted already. It may only be repaired");
        }

        var own = Run(key);
        if (Read(annotations, Attempt) is { } seen && seen.StartsWith(own, StringComparison.Ordinal)
            && int.TryParse(seen.AsSpan(own.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > key.Number)
        {
            throw Failures.Permanent(ErrorTypes.Fenced, $"attempt {key.Number} of step '{key.Step}' is late: attempt {number} of the same run owns {what} now");
        }
    }

    /// <summary>The run and its first execution, without the round that a relapse puts behind it.</summary>
    private static string Run(StepKey key) => $"{key.WorkflowId}/{key.FirstRunId.Split('/')[0]}/";
}
