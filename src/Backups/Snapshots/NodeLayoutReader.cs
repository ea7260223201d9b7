namespace VirtEngine.DR.Backups.Snapshots;

/// <summary>Reads the few keys of <c>config.toml</c> that say where a node keeps its files.</summary>
internal static class NodeLayoutReader
{
    /// <summary>Reads the keys; a missing one has CometBFT's default.</summary>
    public static NodeLayout Read(string home, IReadOnlyList<string> extras)
    {
        home = Path.TrimEndingDirectorySeparator(Path.GetFullPath(home));
        var file = Path.Combine(home, "config", "config.toml");
        if (!File.Exists(file))
        {
            throw new SnapshotException(SnapshotErrors.LayoutInvalid, $"'{file}' does not exist: '{home}' is not a node's home");
        }

        var keys = Parse(File.ReadLines(file));
        return new NodeLayout(
            home,
            Relative("db_dir", "data"),
            Relative("consensus.wal_file", "data/cs.wal/wal"),
            Relative("priv_validator_state_file", "data/priv_validator_state.json"),
            Relative("priv_validator_key_file", "config/priv_validator_key.json"),
            Relative("node_key_file", "config/node_key.json"),
            [.. extras.Select(extra => Inside("extra folder", extra))]);

        string Relative(string key, string fallback) => Inside(key, keys.GetValueOrDefault(key) is { Length: > 0 } value ? value : fallback);

        string Inside(string key, string value)
        {
            var full = Path.GetFullPath(value, home);
            return full.StartsWith(home + "/", StringComparison.Ordinal)
                ? full[(home.Length + 1)..]
                : throw new SnapshotException(
                    SnapshotErrors.LayoutInvalid, $"{key} = '{value}' in '{file}' lies outside the home '{home}': such a node needs method 'external'");
        }
    }

    private static Dictionary<string, string> Parse(IEnumerable<string> lines)
    {
        var keys = new Dictionary<string, string>(StringComparer.Ordinal);
        var section = "";
        foreach (var raw in lines)
        {
            var line = raw.Trim();
            if (line.StartsWith('['))
            {
                section = line.Trim('[', ']', ' ') + ".";
            }
            else if (!line.StartsWith('#') && line.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals)
            {
                keys[section + line[..equals].Trim()] = Unquote(line[(equals + 1)..].Trim());
            }
        }

        return keys;
    }

    private static string Unquote(string value)
    {
        if (value.Length > 0 && value[0] is '"' or '\'')
        {
            var end = value.IndexOf(value[0], 1);
            return end > 0 ? value[1..end] : value;
        }

        var comment = value.IndexOf('#', StringComparison.Ordinal);
        return (comment < 0 ? value : value[..comment]).Trim();
    }
}
