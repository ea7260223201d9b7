using System.Text;

namespace VirtEngine.DR.Architecture.Tests;

/// <summary>C# without its comments and texts, so that a rule about calls is not broken by a word. Line breaks stay where they are.</summary>
internal static class CodeText
{
    public static string Of(string source)
    {
        var code = new StringBuilder(source.Length);
        var at = 0;
        while (at < source.Length)
        {
            at = Next(source, at, code);
        }

        return code.ToString();
    }

    private static int Next(string source, int at, StringBuilder code)
    {
        if (Starts(source, at, "//"))
        {
            var end = source.IndexOf('\n', at);
            return end < 0 ? source.Length : end;
        }

        if (Starts(source, at, "/*"))
        {
            var end = source.IndexOf("*/", at + 2, StringComparison.Ordinal);
            return Skip(source, at, end < 0 ? source.Length : end + 2, code);
        }

        if (source[at] == '\'')
        {
            var end = at + 1;
            while (end < source.Length && source[end] is not '\'' and not '\n')
            {
                end += source[end] == '\\' ? 2 : 1;
            }

            return Skip(source, at, Math.Min(source.Length, end + 1), code);
        }

        var prefix = at;
        while (prefix < source.Length && source[prefix] is '$' or '@')
        {
            prefix++;
        }

        if (prefix < source.Length && source[prefix] == '"')
        {
            return Text(source, at, prefix, code);
        }

        code.Append(source[at]);
        return at + 1;
    }

    /// <summary>A string of any kind. What stands in the holes of an interpolated one is code and stays.</summary>
    private static int Text(string source, int start, int quote, StringBuilder code)
    {
        var dollars = source[start..quote].Count(c => c == '$');
        var verbatim = source[start..quote].Contains('@', StringComparison.Ordinal);
        var quotes = 0;
        while (quote + quotes < source.Length && source[quote + quotes] == '"')
        {
            quotes++;
        }

        var raw = quotes >= 3;
        var delimiter = new string('"', raw ? quotes : 1);
        var at = quote + delimiter.Length;
        code.Append('"');
        while (at < source.Length && !(Starts(source, at, delimiter) && !(verbatim && Starts(source, at, "\"\""))))
        {
            if (!raw && !verbatim && source[at] == '\\')
            {
                at += 2;
            }
            else if (verbatim && Starts(source, at, "\"\""))
            {
                at += 2;
            }
            else if (dollars > 0 && Hole(source, at, dollars, raw))
            {
                at = Inside(source, at + (raw ? dollars : 1), code);
            }
            else
            {
                at += dollars > 0 && !raw && (Starts(source, at, "{{") || Starts(source, at, "}}")) ? 2 : 1;
                KeepLine(source, at - 1, code);
            }
        }

        code.Append('"');
        return Math.Min(source.Length, at + delimiter.Length);
    }

    private static bool Hole(string source, int at, int dollars, bool raw) =>
        raw ? Starts(source, at, new string('{', dollars)) : source[at] == '{' && !Starts(source, at, "{{");

    /// <summary>Copies a hole's code up to the brace that closes it.</summary>
    private static int Inside(string source, int at, StringBuilder code)
    {
        code.Append(' ');
        for (var depth = 1; at < source.Length;)
        {
            if (source[at] == '}' && --depth == 0)
            {
                break;
            }

            depth += source[at] == '{' ? 1 : 0;
            at = Next(source, at, code);
        }

        code.Append(' ');
        while (at < source.Length && source[at] == '}')
        {
            at++;
        }

        return at;
    }

    private static int Skip(string source, int from, int to, StringBuilder code)
    {
        for (var at = from; at < to; at++)
        {
            KeepLine(source, at, code);
        }

        code.Append(' ');
        return to;
    }

    private static void KeepLine(string source, int at, StringBuilder code)
    {
        if (at < source.Length && source[at] == '\n')
        {
            code.Append('\n');
        }
    }

    private static bool Starts(string source, int at, string what) => string.CompareOrdinal(source, at, what, 0, what.Length) == 0;
}
