namespace VirtEngine.DR.Embedded.Namespaces;

/// <summary>A namespace: who it is, how long its closed runs stay, and its search attributes.</summary>
internal sealed class EngineNamespace
{
    public required string Name { get; init; }
    public required string Id { get; init; }
    public string Description { get; set; } = "";
    public string OwnerEmail { get; set; } = "";
    public Dictionary<string, string> Data { get; set; } = new(StringComparer.Ordinal);
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(30);
    public SortedDictionary<string, IndexedValueType> SearchAttributes { get; set; } = new(StringComparer.Ordinal);
}
