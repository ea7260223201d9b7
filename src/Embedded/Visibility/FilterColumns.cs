using System.Text.RegularExpressions;

namespace VirtEngine.DR.Embedded.Visibility;

/// <summary>The attributes that a filter may name.</summary>
internal sealed partial class FilterColumns(string text, IReadOnlyDictionary<string, IndexedValueType> custom)
{
    private static readonly Dictionary<string, IndexedValueType> System = new(StringComparer.Ordinal)
    {
        ["WorkflowId"] = IndexedValueType.Keyword,
        ["RunId"] = IndexedValueType.Keyword,
        ["WorkflowType"] = IndexedValueType.Keyword,
        ["ExecutionStatus"] = IndexedValueType.Keyword,
        ["StartTime"] = IndexedValueType.Datetime,
        ["ExecutionTime"] = IndexedValueType.Datetime,
        ["CloseTime"] = IndexedValueType.Datetime,
        ["TaskQueue"] = IndexedValueType.Keyword,
        ["HistoryLength"] = IndexedValueType.Int,
        ["HistorySizeBytes"] = IndexedValueType.Int,
        ["StateTransitionCount"] = IndexedValueType.Int,
        ["ParentWorkflowId"] = IndexedValueType.Keyword,
        ["ParentRunId"] = IndexedValueType.Keyword,
        ["RootWorkflowId"] = IndexedValueType.Keyword,
        ["RootRunId"] = IndexedValueType.Keyword,
    };

    private static readonly Dictionary<string, IndexedValueType> Predefined = new(StringComparer.Ordinal)
    {
        ["TemporalScheduledById"] = IndexedValueType.Keyword,
        ["TemporalScheduledStartTime"] = IndexedValueType.Datetime,
        ["TemporalChangeVersion"] = IndexedValueType.KeywordList,
        ["BuildIds"] = IndexedValueType.KeywordList,
        ["TemporalSchedulePaused"] = IndexedValueType.Bool,
    };

    public FilterColumn Find(string name)
    {
        if (System.TryGetValue(name, out var type))
        {
            return new FilterColumn(name, type, name);
        }

        if (name == "ExecutionDuration")
        {
            // Ticks of 100 ns are kept, nanoseconds are asked for.
            return new FilterColumn("((CloseTime - ExecutionTime) * 100)", IndexedValueType.Int, name);
        }

        if ((custom.TryGetValue(name, out type) || Predefined.TryGetValue(name, out type)) && Plain().IsMatch(name))
        {
            return new FilterColumn($"json_extract(Attributes, '$.\"{name}\"')", type, name);
        }

        throw Filters.Bad(text, $"column name '{name}' is not a valid search attribute");
    }

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_ .-]*$")]
    private static partial Regex Plain();
}
