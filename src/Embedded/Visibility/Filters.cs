using VirtEngine.DR.Embedded.Host;

namespace VirtEngine.DR.Embedded.Visibility;

/// <summary>
/// List filters: comparisons, AND, OR, NOT, IN, BETWEEN, STARTS_WITH, IS NULL, ORDER BY, and GROUP BY for counts, over system and custom attributes.
/// </summary>
internal sealed class Filters
{
    private const string DefaultOrder = "CASE WHEN CloseTime IS NULL THEN 0 ELSE 1 END, CloseTime DESC, StartTime DESC, RunId";
    private readonly string _text;
    private readonly List<QueryToken> _tokens;
    private readonly FilterColumns _columns;
    private readonly List<object> _values = [];
    private int _at;

    private Filters(string text, FilterColumns columns)
    {
        _text = text;
        _tokens = QueryToken.Split(text);
        _columns = columns;
    }

    public static RpcException Bad(string text, string why) => Errors.Invalid($"invalid query: {why}: {text}");

    /// <summary>Reads a filter; throws Temporal's error with what is wrong.</summary>
    public static FilterSql Parse(string text, IReadOnlyDictionary<string, IndexedValueType> custom) => new Filters(text, new FilterColumns(text, custom)).Parse();

    private FilterSql Parse()
    {
        string where = "1";
        string order = DefaultOrder;
        string? group = null;
        if (_at < _tokens.Count && !Peek("ORDER") && !Peek("GROUP"))
        {
            where = Or();
        }

        if (Take("GROUP"))
        {
            Expect("BY");
            group = Word();
            if (group != "ExecutionStatus")
            {
                throw Bad(_text, "GROUP BY is supported for ExecutionStatus only");
            }
        }

        if (Take("ORDER"))
        {
            Expect("BY");
            var parts = new List<string>();
            do
            {
                string column = _columns.Find(Word()).Sql;
                parts.Add(column + (Take("DESC") ? " DESC" : Take("ASC") ? " ASC" : " ASC"));
            }
            while (Take(","));
            order = string.Join(", ", parts) + ", RunId";
        }

        return _at == _tokens.Count ? new FilterSql(where, order, group, _values) : throw Bad(_text, $"'{_tokens[_at].Text}' is not expected");
    }

    private string Or()
    {
        string left = And();
        while (Take("OR"))
        {
            left = $"({left} OR {And()})";
        }

        return left;
    }

    private string And()
    {
        string left = Not();
        while (Take("AND"))
        {
            left = $"({left} AND {Not()})";
        }

        return left;
    }

    private string Not()
    {
        if (Take("NOT"))
        {
            return $"NOT ({Not()})";
        }

        if (Take("("))
        {
            string inner = Or();
            Expect(")");
            return $"({inner})";
        }

        return Comparison();
    }

    private string Comparison()
    {
        var column = _columns.Find(Word());
        if (Take("IS"))
        {
            bool not = Take("NOT");
            Expect("NULL");
            return not ? $"{column.Sql} IS NOT NULL" : $"{column.Sql} IS NULL";
        }

        bool negated = Take("NOT");
        if (Take("IN"))
        {
            Expect("(");
            var options = new List<string>();
            do
            {
                options.Add(column.Test("=", Value(column)));
            }
            while (Take(","));
            Expect(")");
            string any = "(" + string.Join(" OR ", options) + ")";
            return negated ? $"NOT {any}" : any;
        }

        if (Take("BETWEEN"))
        {
            string low = Value(column);
            Expect("AND");
            string between = $"({column.Test(">=", low)} AND {column.Test("<=", Value(column))})";
            return negated ? $"NOT {between}" : between;
        }

        if (Take("STARTS_WITH"))
        {
            string prefix = Value(column);
            string starts = column.Test("STARTS_WITH", prefix);
            return negated ? $"NOT ({starts})" : starts;
        }

        var sign = Next();
        return sign.Text switch
        {
            "=" or "<" or ">" or "<=" or ">=" => column.Test(sign.Text, Value(column)),
            "!=" or "<>" => $"NOT ({column.Test("=", Value(column))})",
            _ => throw Bad(_text, $"operator '{sign.Text}' is not supported"),
        };
    }

    /// <summary>Reads a value and returns the name of its parameter.</summary>
    private string Value(FilterColumn column)
    {
        var token = Next();
        _values.Add(column.Convert(token, _text));
        return FormattableString.Invariant($"$v{_values.Count}");
    }

    private string Word()
    {
        var token = Next();
        return token.Kind is QueryToken.Word or QueryToken.Quoted ? token.Text : throw Bad(_text, $"'{token.Text}' is no name");
    }

    private QueryToken Next() => _at < _tokens.Count ? _tokens[_at++] : throw Bad(_text, "it ends too early");

    private bool Peek(string keyword) => _at < _tokens.Count && _tokens[_at].Is(keyword);

    private bool Take(string keyword)
    {
        if (!Peek(keyword))
        {
            return false;
        }

        _at++;
        return true;
    }

    private void Expect(string keyword)
    {
        if (!Take(keyword))
        {
            throw Bad(_text, $"{keyword} is missing");
        }
    }
}
