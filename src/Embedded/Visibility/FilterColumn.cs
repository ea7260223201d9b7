using System.Globalization;

namespace VirtEngine.DR.Embedded.Visibility;

/// <summary>One attribute in a filter: how SQL reads it, and how its values are written.</summary>
internal sealed record FilterColumn(string Sql, IndexedValueType Type, string Name)
{
    /// <summary>A comparison; a list of keywords is equal when one of them is.</summary>
    public string Test(string sign, string parameter)
    {
        string compare = sign == "STARTS_WITH" ? $"substr({{0}}, 1, length({parameter})) = {parameter}" : $"{{0}} {sign} {parameter}";
        return Type == IndexedValueType.KeywordList
            ? $"EXISTS (SELECT 1 FROM json_each(Attributes, '$.\"{Name}\"') WHERE {string.Format(CultureInfo.InvariantCulture, compare, "value")})"
            : string.Format(CultureInfo.InvariantCulture, compare, Sql);
    }

    /// <summary>A value as the column keeps it; throws Temporal's error for one of another kind.</summary>
    public object Convert(QueryToken token, string text)
    {
        if (Name == "ExecutionStatus")
        {
            return System.Enum.TryParse<WorkflowExecutionStatus>(token.Text, ignoreCase: true, out var status)
                ? (long)status : throw Filters.Bad(text, $"'{token.Text}' is no execution status");
        }

        switch (Type)
        {
            case IndexedValueType.Datetime:
                if (DateTimeOffset.TryParse(token.Text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
                {
                    return time.UtcTicks;
                }

                return long.TryParse(token.Text, NumberStyles.Integer, CultureInfo.InvariantCulture, out long nanoseconds)
                    ? DateTime.UnixEpoch.Ticks + (nanoseconds / 100) : throw Filters.Bad(text, $"'{token.Text}' is no time");
            case IndexedValueType.Int:
                if (Name == "ExecutionDuration" && TimeSpan.TryParse(token.Text, CultureInfo.InvariantCulture, out var span) && token.Text.Contains(':', StringComparison.Ordinal))
                {
                    return span.Ticks * 100;
                }

                return long.TryParse(token.Text, NumberStyles.Integer, CultureInfo.InvariantCulture, out long whole)
                    ? whole : throw Filters.Bad(text, $"'{token.Text}' is no whole number");
            case IndexedValueType.Double:
                return double.TryParse(token.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
                    ? number : throw Filters.Bad(text, $"'{token.Text}' is no number");
            case IndexedValueType.Bool:
                return bool.TryParse(token.Text, out bool truth) ? truth ? 1L : 0L : throw Filters.Bad(text, $"'{token.Text}' is neither true nor false");
            default:
                return token.Kind == QueryToken.Word ? throw Filters.Bad(text, $"'{token.Text}' must be quoted") : token.Text;
        }
    }
}
