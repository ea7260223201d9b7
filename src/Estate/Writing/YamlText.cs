using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace VirtEngine.DR.Estates.Writing;

/// <summary>Writes YAML with comments: keys in the given order, lists of texts on one line, texts quoted only where needed.</summary>
internal sealed partial class YamlText(IReadOnlyDictionary<string, string> comments)
{
    private readonly StringBuilder text = new();
    private readonly Stack<string> paths = new();
    private int indent;
    private bool atDash;

    private string Path => paths.Count == 0 ? "" : paths.Peek();

    public override string ToString() => text.ToString();

    public void Comment(string lines)
    {
        foreach (var line in lines.Split('\n'))
        {
            Line(line.Length == 0 ? "#" : "# " + line);
        }
    }

    public void Blank() => text.Append('\n');

    public void Pair(string key, string? value)
    {
        if (value is not null)
        {
            Raw(key, value.Contains('\n', StringComparison.Ordinal) && Block(value) is { } block ? block : Quote(value));
        }
    }

    public void Pair(string key, bool value) => Raw(key, value ? "true" : "false");

    public void Pair(string key, long value) => Raw(key, value.ToString(CultureInfo.InvariantCulture));

    public void List(string key, IReadOnlyList<string> values) => Raw(key, "[" + string.Join(", ", values.Select(Quote)) + "]");

    /// <summary>A group of keys.</summary>
    public void Group(string key, Action body) => Nested(key, "", body);

    /// <summary>A list of groups.</summary>
    public void Groups<T>(string key, IReadOnlyList<T> items, Action<T> body)
    {
        if (items.Count == 0)
        {
            Raw(key, "[]");
            return;
        }

        Nested(key, "", () =>
        {
            for (var i = 0; i < items.Count; i++)
            {
                paths.Push(string.Create(CultureInfo.InvariantCulture, $"{Path}[{i}]"));
                CommentOf(Path);
                atDash = true;
                indent++;
                body(items[i]);
                indent--;
                paths.Pop();
            }
        });
    }

    /// <summary>A text as a scalar on one line.</summary>
    internal static string Quote(string value)
    {
        if (Plain().IsMatch(value) && !Special().IsMatch(value))
        {
            return value;
        }

        var quoted = new StringBuilder("\"");
        foreach (var c in value)
        {
            _ = c switch
            {
                '"' or '\\' => quoted.Append('\\').Append(c),
                '\n' => quoted.Append("\\n"),
                '\t' => quoted.Append("\\t"),
                < ' ' or (>= '\u007f' and <= '\u00a0') or '\u2028' or '\u2029' or '\ufeff' or '\ufffe' or '\uffff' =>
                    quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => quoted.Append(c),
            };
        }

        return quoted.Append('"').ToString();
    }

    private void Nested(string key, string value, Action body)
    {
        Raw(key, value);
        paths.Push(Full(key));
        indent++;
        body();
        indent--;
        paths.Pop();
    }

    private void Raw(string key, string value)
    {
        CommentOf(Full(key));
        Line(value.Length == 0 ? key + ":" : $"{key}: {value}");
    }

    private void CommentOf(string path)
    {
        if (comments.TryGetValue(path, out var comment))
        {
            Comment(comment);
        }
    }

    private void Line(string line)
    {
        if (atDash && !line.StartsWith('#'))
        {
            text.Append(' ', (indent - 1) * 2).Append("- ").Append(line).Append('\n');
            atDash = false;
            return;
        }

        text.Append(' ', indent * 2).Append(line).Append('\n');
    }

    private string Full(string key) => Path.Length == 0 ? key : Path + "." + key;

    /// <summary>A literal block, for PEM: readable, and only where every line survives it unchanged.</summary>
    private string? Block(string value) =>
        value.EndsWith('\n') && !value.EndsWith("\n\n", StringComparison.Ordinal) && value.TrimEnd('\n').Split('\n').All(l => BlockLine().IsMatch(l))
            ? "|\n" + string.Join('\n', value.TrimEnd('\n').Split('\n').Select(l => new string(' ', (indent + 1) * 2) + l))
            : null;

    [GeneratedRegex(@"^[A-Za-z0-9_/.$][A-Za-z0-9_/.@+$-]*(:[A-Za-z0-9_/.@+$-]+)*\z")]
    private static partial Regex Plain();

    /// <summary>Texts that other YAML readers would take for something else.</summary>
    [GeneratedRegex(@"^(null|true|false|yes|no|on|off|y|n|[0-9._+-]+([eE][0-9+-]+)?|0[xo][0-9a-f]+|[0-9]+(:[0-9]+)+|[0-9]{4}-[0-9]{2}.*)\z", RegexOptions.IgnoreCase)]
    private static partial Regex Special();

    [GeneratedRegex("^[!-~][ -~]*$")]
    private static partial Regex BlockLine();
}
