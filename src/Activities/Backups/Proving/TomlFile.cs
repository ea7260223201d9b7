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
        var text = File.ReadAllText(path);
        var document = SyntaxParser.ParseStrict(text, path);
        var edits = new List<(int Start, int End, string Value)>();
        var set = new List<string>();
        Collect(document.KeyValues, "");
        foreach (var table in document.Tables)
        {
            Collect(table.Items, Name(table.Name) + ".");
        }

        var result = new StringBuilder(text);
        foreach (var (start, end, value) in edits.OrderByDescending(edit => edit.Start))
        {
            result.Remove(start, end - start + 1).Insert(start, value);
        }

        File.WriteAllText(path, result.ToString(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        return set;

        void Collect(IEnumerable<SyntaxNode> items, string section)
        {
            foreach (var item in items.OfType<KeyValueSyntax>())
            {
                var key = section + Name(item.Key);
                if (values.TryGetValue(key, out var value) && item.Value is not null)
                {
                    edits.Add((item.Value.Span.Start.Offset, item.Value.Span.End.Offset, value));
                    set.Add(key);
                }
            }
        }
    }

    private static string Name(KeySyntax? key) => key?.ToString().Trim().Trim('"') ?? "";
}
