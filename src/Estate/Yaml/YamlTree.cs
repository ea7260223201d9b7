using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace VirtEngine.DR.Estates.Yaml;

/// <summary>
/// Builds the tree of values with their positions. YamlDotNet's own tree throws at the first duplicate key and follows aliases; an
/// estate reports every duplicate and needs no aliases, which are also how a small file becomes a huge one.
/// </summary>
internal sealed class YamlTree
{
    /// <summary>Deeper than this is no estate; the limit keeps hostile input from exhausting the stack.</summary>
    private const int MaxDepth = 16;

    private readonly Parser parser;
    private readonly Problems problems;
    private int depth;

    private YamlTree(TextReader text, Problems problems)
    {
        parser = new Parser(text);
        this.problems = problems;
    }

    /// <summary>Reads the one document of a text; null when it is not YAML (said in <paramref name="problems"/>).</summary>
    public static YamlMap? Read(string text, Problems problems)
    {
        using var reader = new StringReader(text);
        try
        {
            return new YamlTree(reader, problems).Document();
        }
        catch (YamlException e)
        {
            problems.Add(At(e.Start), "", "This is not valid YAML: " + Sentence(e.Message), "Nothing after this place was checked.");
            return null;
        }
    }

    private YamlMap? Document()
    {
        parser.Consume<StreamStart>();
        if (parser.Accept<StreamEnd>(out _))
        {
            problems.Add(new Position(1, 1), "", "The file is empty.", "Run 'virtengine-dr estate init' to write a first one.");
            return null;
        }

        parser.Consume<DocumentStart>();
        var root = Value();
        parser.Consume<DocumentEnd>();
        if (parser.Accept<DocumentStart>(out var next))
        {
            problems.Add(At(next.Start), "", "A second document begins here.", "An estate is one document.");
        }

        if (root is YamlMap map)
        {
            return map;
        }

        problems.Add(root.At, "", $"An estate is a group of keys, this is {root.What}.", "Begin with 'name:' and 'chain:'.");
        return null;
    }

    private YamlValue Value()
    {
        if (++depth > MaxDepth)
        {
            throw new YamlException(parser.Current!.Start, parser.Current.End, "values are nested too deeply");
        }

        try
        {
            return parser.Current switch
            {
                Scalar => Leaf(),
                SequenceStart => List(),
                MappingStart => Map(),
                AnchorAlias alias => throw new YamlException(alias.Start, alias.End, "aliases are not used in an estate; write the value out"),
                var other => throw new YamlException(other!.Start, other.End, "a value is expected here"),
            };
        }
        finally
        {
            depth--;
        }
    }

    private YamlScalar Leaf()
    {
        var scalar = parser.Consume<Scalar>();
        return new YamlScalar(At(scalar.Start), scalar.Value, scalar.Style == ScalarStyle.Plain);
    }

    private YamlList List()
    {
        var start = parser.Consume<SequenceStart>();
        var items = new List<YamlValue>();
        while (!parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(Value());
        }

        return new YamlList(At(start.Start), items);
    }

    private YamlMap Map()
    {
        var start = parser.Consume<MappingStart>();
        var entries = new List<YamlEntry>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = parser.Accept<Scalar>(out _)
                ? Leaf()
                : throw new YamlException(parser.Current!.Start, parser.Current.End, "a key is expected here");
            var value = Value();
            if (entries.Find(e => e.Key == key.Text) is { } first)
            {
                problems.Add(key.At, key.Text, $"The key stands here a second time; it is given in line {first.At.Line} already.", "Keep one.");
                continue;
            }

            entries.Add(new YamlEntry(key.Text, key.At, value));
        }

        return new YamlMap(At(start.Start), entries);
    }

    private static Position At(Mark mark) => new((int)mark.Line, (int)mark.Column);

    private static string Sentence(string message) => message.EndsWith('.') ? message : message + ".";
}
