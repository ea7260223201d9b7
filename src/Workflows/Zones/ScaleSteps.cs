using System.Globalization;
using VirtEngine.DR.Contracts.Clusters;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Workflows.Flow;

namespace VirtEngine.DR.Workflows.Zones;

/// <summary>One step a workload: how many pods it wants, by desired state. What was wanted before all this is remembered on the workload, for the way home.</summary>
public static class ScaleSteps
{
    /// <summary>The id of a workload's step.</summary>
    public static string IdOf(string workload) => "scale-" + workload;

    /// <summary>Away: all at once, for they are independent of each other.</summary>
    /// <param name="number">The number that they share.</param>
    /// <param name="calls">The calls.</param>
    /// <param name="scales">By workload, as pinned when the run began.</param>
    public static IReadOnlyList<StepDeclaration> Away(string number, ClusterCalls calls, IReadOnlyDictionary<string, ScaleAway> scales)
    {
        ArgumentNullException.ThrowIfNull(scales);
        return [.. Numbered(number, scales, (name, at, one) => Step(at, name, calls, one.From, one.To, one.Former, back: null) with { Group = "scale", UndoRisk = "takes pods away that serve now" })];
    }

    /// <summary>Home: one after the other.</summary>
    /// <param name="number">The number that they share.</param>
    /// <param name="calls">The calls.</param>
    /// <param name="scales">By workload, as pinned when the run began.</param>
    public static IReadOnlyList<StepDeclaration> Home(string number, ClusterCalls calls, IReadOnlyDictionary<string, ScaleBack> scales)
    {
        ArgumentNullException.ThrowIfNull(scales);
        return [.. Numbered(number, scales, (name, at, one) => Step(at, name, calls, one.From, one.To, former: null, back: one.To))];
    }

    private static IEnumerable<StepDeclaration> Numbered<T>(string number, IReadOnlyDictionary<string, T> scales, Func<string, string, T, StepDeclaration> step) =>
        scales.OrderBy(one => one.Key, StringComparer.Ordinal).Select((one, i) => step(one.Key, $"{number}.{(i + 1).ToString(CultureInfo.InvariantCulture)}", one.Value));

    /// <param name="number">The step's number.</param>
    /// <param name="workload">Whose pods.</param>
    /// <param name="calls">The calls.</param>
    /// <param name="from">How many it wanted when the run began.</param>
    /// <param name="to">How many it wants then.</param>
    /// <param name="former">What is remembered when it is done.</param>
    /// <param name="back">What is remembered when it is undone.</param>
    private static StepDeclaration Step(string number, string workload, ClusterCalls calls, int from, int to, int? former, int? back) => new()
    {
        Number = number,
        Id = IdOf(workload),
        Title = FormattableString.Invariant($"Scale {workload} from {from} to {to}"),
        Parameters = [FormattableString.Invariant($"from={from}"), FormattableString.Invariant($"to={to}")],
        LeftOut = from == to ? FormattableString.Invariant($"not needed: it wants {to} already") : null,
        Changes = $"how many pods {workload} wants",
        Undo = UndoKind.Restore,
        Describe = () => calls.ScaleAsync(workload),
        After = FormattableString.Invariant($"{to}"),
        Act = async act => await calls.ScaleAsync(act.Key, workload, Number(act.Before), to, former),
        UndoAct = act => calls.ScaleAsync(act.Key, workload, to, Number(act.Before), back),
    };

    private static int Number(Observed? world) => int.Parse(world!.Value, CultureInfo.InvariantCulture);
}
