namespace VirtEngine.DR.Estates.Yaml;

/// <summary>Where a value stands in the file; both count from 1.</summary>
internal readonly record struct Position(int Line, int Column);

/// <summary>A value of the file with its position.</summary>
internal abstract record YamlValue(Position At)
{
    /// <summary>What it is, as messages say it.</summary>
    public abstract string What { get; }
}

/// <summary>A text, number, flag or null.</summary>
/// <param name="At">Where.</param>
/// <param name="Text">Its text.</param>
/// <param name="Plain">Written without quotes: <c>null</c> and <c>~</c> mean that nothing is given.</param>
internal sealed record YamlScalar(Position At, string Text, bool Plain) : YamlValue(At)
{
    public override string What => IsNull ? "nothing" : "a single value";

    public bool IsNull => Plain && Text is "" or "~" or "null" or "Null" or "NULL";
}

/// <summary>A list.</summary>
internal sealed record YamlList(Position At, IReadOnlyList<YamlValue> Items) : YamlValue(At)
{
    public override string What => "a list";
}

/// <summary>A mapping, in the file's order.</summary>
internal sealed record YamlMap(Position At, IReadOnlyList<YamlEntry> Entries) : YamlValue(At)
{
    public override string What => "a group of keys";
}

/// <summary>One key of a mapping.</summary>
internal sealed record YamlEntry(string Key, Position At, YamlValue Value);
