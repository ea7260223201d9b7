namespace VirtEngine.DR.Embedded.Visibility;

/// <summary>A word of a list filter.</summary>
internal readonly record struct QueryToken(char Kind, string Text)
{
    /// <summary>A name or keyword.</summary>
    public const char Word = 'w';

    /// <summary>A quoted string.</summary>
    public const char Quoted = 's';

    /// <summary>A number.</summary>
    public const char Number = 'n';

    /// <summary>An operator, a bracket or a comma.</summary>
    public const char Sign = 'o';

    public bool Is(string keyword) => Kind is Word or Sign && string.Equals(Text, keyword, StringComparison.OrdinalIgnoreCase);

    /// <summary>Takes a filter apart; throws Temporal's error for what cannot be read.</summary>
    public static List<QueryToken> Split(string text)
    {
        var tokens = new List<QueryToken>();
        for (int i = 0; i < text.Length;)
        {
            char c = text[i];
            if (char.IsWhiteSpace(c))
            {
                i++;
            }
            else if (c is '\'' or '"')
            {
                tokens.Add(new QueryToken(Quoted, Quote(text, ref i)));
            }
            else if (c == '`')
            {
                int end = text.IndexOf('`', i + 1);
                tokens.Add(end < 0 ? throw Filters.Bad(text, "a quote is not closed") : new QueryToken(Word, text[(i + 1)..end]));
                i = end + 1;
            }
            else if (char.IsAsciiDigit(c) || (c == '-' && i + 1 < text.Length && char.IsAsciiDigit(text[i + 1])))
            {
                int start = i++;
                while (i < text.Length && (char.IsAsciiLetterOrDigit(text[i]) || text[i] is '.' or ':' or '-'))
                {
                    i++;
                }

                tokens.Add(new QueryToken(Number, text[start..i]));
            }
            else if (char.IsLetter(c) || c == '_')
            {
                int start = i;
                while (i < text.Length && (char.IsLetterOrDigit(text[i]) || text[i] is '_' or '.' or '-'))
                {
                    i++;
                }

                tokens.Add(new QueryToken(Word, text[start..i]));
            }
            else
            {
                string two = i + 1 < text.Length ? text.Substring(i, 2) : "";
                string sign = two is "!=" or "<=" or ">=" or "<>" ? two : c is '=' or '<' or '>' or '(' or ')' or ',' or '*' ? c.ToString() : throw Filters.Bad(text, $"'{c}' is not expected");
                tokens.Add(new QueryToken(Sign, sign));
                i += sign.Length;
            }
        }

        return tokens;
    }

    private static string Quote(string text, ref int i)
    {
        char quote = text[i++];
        var value = new System.Text.StringBuilder();
        while (i < text.Length)
        {
            char c = text[i++];
            if (c == '\\' && i < text.Length)
            {
                value.Append(text[i++]);
            }
            else if (c == quote && i < text.Length && text[i] == quote)
            {
                value.Append(quote);
                i++;
            }
            else if (c == quote)
            {
                return value.ToString();
            }
            else
            {
                value.Append(c);
            }
        }

        throw Filters.Bad(text, "a quote is not closed");
    }
}
