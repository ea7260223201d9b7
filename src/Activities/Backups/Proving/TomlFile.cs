using System.Text;
using Tomlyn.Parsing;
using Tomlyn.Syntax;

namespace VirtEngine.DR.Activities.Backups.Proving;

/// <summary>Changes values of a TOML file in place: everything else stays character by character.</summary>
internal static class TomlFile
{
    /// <summary>Sets values by <c>section.key</c> (or <c>key</c> before the first section); keys that are not there are left out.</summary>
    /// <param name="path">The file.</param>
    /// <param name="values">Values as TOML writes them, strings with their quotes.</param>
    /// <returns>The keys that were set.</returns>
    public static IReadOnlyList<string> Set(string path, IReadOnlyDictionary<string, string> values)
    {
        var (text, set) = Apply(File.ReadAllText(path), values, path);
        File.WriteAllText(path, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        return set;
    }

    /// <summary>As <see cref="Set"/>, on a text.</summary>
    /// <returns>The new text, and the keys that were set.</returns>
    public static (string Text, IReadOnlyList<string> Set) Apply(string text, IReadOnlyDictionary<string, string> values, string path)
    {
        var set = new List<string>();
        var result = new StringBuilder(text);
        foreach (var (key, start, end) in Spans(text, path).Where(one => values.ContainsKey(one.Key)).OrderByDescending(one => one.Start))
        {
            result.Remove(start, end - start + 1).Insert(start, values[key]);
            set.Add(key);
        }

        return (result.ToString(), set);
    }

    /// <summary>The values of these keys as the text writes them, quotes and all; keys that are not there are left out.</summary>
    public static SortedDictionary<string, string> Read(string text, IEnumerable<string> keys, string path)
    {
        var wanted = keys.ToHashSet(StringComparer.Ordinal);
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, start, end) in Spans(text, path).Where(one => wanted.Contains(one.Key)))
        {
            found[key] = text[start..(end + 1)];
        }

        return found;
    }

    private static List<(string Key, int Start, int End)> Spans(string text, string path)
    {
        var document = SyntaxParser.ParseStrict(text, path);
        var spans = new List<(string, int, int)>();
        Collect(document.KeyValues, "");
        foreach (var table in document.Tables)
        {
            Collect(table.Items, Name(table.Name) + ".");
        }

        return spans;

        void Collect(IEnumerable<SyntaxNode> items, string section)
        {
            foreach (var item in items.OfType<KeyValueSyntax>())
            {
                if (item.Value is not null)
                {
                    spans.Add((section + Name(item.Key), item.Value.Span.Start.Offset, item.Value.Span.End.Offset));
                }
            }
        }
    }

    private static string Name(KeySyntax? key) => key?.ToString().Trim().Trim('"') ?? "";
}
