namespace VirtEngine.DR.Embedded.Visibility;

/// <summary>A list filter as SQL, with its values apart.</summary>
internal sealed record FilterSql(string Where, string OrderBy, string? GroupBy, IReadOnlyList<object> Values);
