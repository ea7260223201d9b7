namespace VirtEngine.DR.Simulation.Node;

/// <summary>The keys of a TOML file as <c>section.key</c>, as far as CometBFT's own files need it: one value a line.</summary>
internal static class Toml
{
    public static Dictionary<string, string> Read(string path)
    {
        var keys = new Dictionary<string, string>(StringComparer.Ordinal);
        var section = "";
        foreach (var line in File.ReadLines(path).Select(line => line.Trim()))
        {
            if (line.StartsWith('['))
            {
                section = line.Trim('[', ']', ' ') + ".";
            }
            else if (!line.StartsWith('#') && line.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals)
            {
                keys[section + line[..equals].Trim()] = Value(line[(equals + 1)..].Trim());
            }
        }

        return keys;
    }

    private static string Value(string text)
    {
        if (text.StartsWith('"'))
        {
            var end = text.IndexOf('"', 1);
            return end < 0 ? text : text[1..end];
        }

        return text.Split('#')[0].Trim();
    }
}
