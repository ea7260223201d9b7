using System.Globalization;
using VirtEngine.DR.Estates.Rules;
using VirtEngine.DR.Estates.Yaml;

namespace VirtEngine.DR.Estates.Reading;

/// <summary>
/// Reads the keys of one group and collects what is wrong with them. A value that could not be read becomes its default, so that
/// reading goes on and the next mistakes are found too.
/// </summary>
internal sealed class MapReader
{
    private readonly EstateSection section;
    private readonly YamlMap map;
    private readonly Problems problems;

    public MapReader(EstateSection section, YamlMap map, string path, Problems problems)
    {
        this.section = section;
        this.map = map;
        this.problems = problems;
        Path = path;
        foreach (var entry in map.Entries)
        {
            if (section.Keys.Any(k => k.Name == entry.Key))
            {
                problems.Mark(At(entry.Key), entry.Value is YamlScalar { IsNull: true } ? entry.At : entry.Value.At);
            }
            else
            {
                Unknown(entry);
            }
        }
    }

    /// <summary>Where the group stands, such as <c>nodes[2]</c>.</summary>
    public string Path { get; }

    /// <summary>The full path of a key.</summary>
    public string At(string key) => Path.Length == 0 ? key : Path + "." + key;

    public bool Has(string key) => Find(key) is not null;

    public string RequiredText(string key)
    {
        if (Find(key) is null)
        {
            problems.Add(map.At, At(key), "This key is missing.", Key(key).Form);
            return "";
        }

        return Text(key) ?? "";
    }

    public string? Text(string key)
    {
        if (Find(key) is not { } value)
        {
            return null;
        }

        if (value is YamlScalar { Text.Length: > 0 } scalar)
        {
            return scalar.Text;
        }

        Wrong(key, value is YamlScalar ? "An empty text says nothing." : $"A single value is expected, this is {value.What}.");
        return null;
    }

    public bool Flag(string key, bool fallback) => Text(key) switch
    {
        null => fallback,
        "true" => true,
        "false" => false,
        var other => Wrong(key, $"{Secrets.Shown(other)} is not true or false.", fallback),
    };

    public int Number(string key, int fallback, int min, int max)
    {
        if (Text(key) is not { } text)
        {
            return fallback;
        }

        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max
            ? value
            : Wrong(key, $"{Secrets.Shown(text)} is not a whole number from {min} to {max}.", fallback);
    }

    public TimeSpan Duration(string key, TimeSpan fallback, TimeSpan min, TimeSpan max) => OptionalDuration(key, min, max) ?? fallback;

    public TimeSpan? OptionalDuration(string key, TimeSpan min, TimeSpan max)
    {
        if (Text(key) is not { } text)
        {
            return null;
        }

        if (!Quantity.TryDuration(text, out var value))
        {
            problems.Add(At(key), $"{Secrets.Shown(text)} is not a duration.", Quantity.DurationForm);
            return null;
        }

        if (value < min || value > max)
        {
            problems.Add(At(key), $"{text} is out of range.", $"From {Quantity.Text(min)} to {Quantity.Text(max)}.");
            return null;
        }

        return value;
    }

    public long Size(string key, long fallback)
    {
        if (Text(key) is not { } text)
        {
            return fallback;
        }

        if (Quantity.TrySize(text, out var value))
        {
            return value;
        }

        problems.Add(At(key), $"{Secrets.Shown(text)} is not a size.", Quantity.SizeForm);
        return fallback;
    }

    /// <summary>One of a few words; required when there is no fallback.</summary>
    public string Choice(string key, IReadOnlyList<string> allowed, string? fallback)
    {
        var text = fallback is null ? RequiredText(key) : Text(key) ?? fallback;
        if (text.Length > 0 && !allowed.Contains(text))
        {
            NotAllowed(At(key), text, allowed);
        }

        return text;
    }

    /// <summary>A value of an enumeration; required when there is no fallback.</summary>
    public T Choice<T>(string key, T? fallback)
        where T : struct, Enum
    {
        var text = Choice(key, EnumNames<T>.All, fallback is { } f ? EnumNames<T>.Of(f) : null);
        return EnumNames<T>.TryParse(text, out var value) ? value : fallback ?? default;
    }

    /// <summary>A list of texts.</summary>
    public IReadOnlyList<string> Texts(string key, IReadOnlyList<string>? fallback = null)
    {
        if (Find(key) is not { } value)
        {
            return fallback ?? [];
        }

        if (value is not YamlList list)
        {
            Wrong(key, $"A list is expected, this is {value.What}.");
            return [];
        }

        var texts = new List<string>();
        for (var i = 0; i < list.Items.Count; i++)
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"{At(key)}[{i}]");
            problems.Mark(path, list.Items[i].At);
            if (list.Items[i] is YamlScalar { IsNull: false, Text.Length: > 0 } scalar)
            {
                texts.Add(scalar.Text);
            }
            else
            {
                problems.Add(path, $"A text is expected, this is {(list.Items[i] is YamlScalar ? "empty" : list.Items[i].What)}.");
                texts.Add("");
            }
        }

        return texts;
    }

    /// <summary>A group inside this one; null when it is left out.</summary>
    public MapReader? Group(string key, EstateSection inner, bool required = false)
    {
        switch (Find(key))
        {
            case YamlMap value:
                return new MapReader(inner, value, At(key), problems);
            case { } other:
                Wrong(key, $"A group of keys is expected, this is {other.What}.");
                return null;
            default:
                if (required)
                {
                    problems.Add(map.At, At(key), "This group is missing.", "Its keys: " + string.Join(", ", inner.Keys.Select(k => k.Name)) + ".");
                }

                return null;
        }
    }

    /// <summary>A list of groups; empty when it is left out.</summary>
    public IReadOnlyList<MapReader> Groups(string key, EstateSection inner, bool required = false)
    {
        if (Find(key) is not { } value)
        {
            if (required)
            {
                problems.Add(map.At, At(key), "This list is missing.", "At least one entry is needed.");
            }

            return [];
        }

        if (value is not YamlList list)
        {
            Wrong(key, $"A list is expected, this is {value.What}.");
            return [];
        }

        if (required && list.Items.Count == 0)
        {
            problems.Add(At(key), "The list is empty.", "At least one entry is needed.");
        }

        var groups = new List<MapReader>();
        for (var i = 0; i < list.Items.Count; i++)
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"{At(key)}[{i}]");
            problems.Mark(path, list.Items[i].At);
            if (list.Items[i] is YamlMap item)
            {
                groups.Add(new MapReader(inner, item, path, problems));
            }
            else
            {
                problems.Add(path, $"A group of keys is expected, this is {list.Items[i].What}.");
                groups.Add(new MapReader(inner, new YamlMap(list.Items[i].At, []), path, problems));
            }
        }

        return groups;
    }

    public void NotAllowed(string path, string text, IEnumerable<string> allowed)
    {
        var words = allowed.ToList();
        var near = Suggestion.For(text, words);
        problems.Add(path, $"{Secrets.Shown(text)} is not allowed here.", (near is null ? "" : near + " ") + "Allowed: " + string.Join(", ", words) + ".");
    }

    private void Unknown(YamlEntry entry)
    {
        var path = At(entry.Key);
        if (Secrets.IsSecretName(entry.Key))
        {
            problems.Add(entry.At, path, "Secrets never stand in an estate.", Secrets.Advice);
            return;
        }

        var names = section.Keys.Select(k => k.Name).ToList();
        var near = Suggestion.For(entry.Key, names);
        problems.Add(entry.At, path, "There is no such key.", near ?? "Keys here: " + string.Join(", ", names) + ".");
    }

    private YamlValue? Find(string key)
    {
        Key(key);
        return map.Entries.FirstOrDefault(e => e.Key == key)?.Value is { } value and not YamlScalar { IsNull: true } ? value : null;
    }

    /// <summary>The schema is the one list of keys: reading another one is a mistake of ours, which every test shows.</summary>
    private EstateKey Key(string key) =>
        section.Keys.FirstOrDefault(k => k.Name == key) ?? throw new InvalidOperationException($"'{At(key)}' is not in the schema.");

    private void Wrong(string key, string message) => problems.Add(At(key), message, Key(key).Form);

    private T Wrong<T>(string key, string message, T fallback)
    {
        Wrong(key, message);
        return fallback;
    }
}
