using System.Text;
using System.Text.RegularExpressions;

namespace VirtEngine.DR.Estates.Init;

/// <summary>What a systemd unit says: its name, program, home. Only what is needed; the unit itself stays as it is.</summary>
/// <param name="Name">Such as <c>virtengine.service</c>; null when the text does not say it.</param>
/// <param name="Binary">The program of ExecStart.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="Home">From <c>--home</c>, else from <c>DAEMON_HOME</c> or <c>NODE_HOME</c>.</param>
/// <param name="Cosmovisor">The node's binary runs as the child of cosmovisor.</param>
internal sealed partial record SystemdUnit(string? Name, string? Binary, IReadOnlyList<string> Arguments, string? Home, bool Cosmovisor)
{
    public static SystemdUnit Parse(string text)
    {
        // systemctl cat puts the file's path above the file, and drop-ins below it; a backslash continues a line.
        var name = FileComment().Match(text) is { Success: true } match ? match.Groups[1].Value : null;
        var lines = text.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n').Select(l => l.Trim()).ToList();
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var assignment in lines.Where(l => l.StartsWith("Environment=", StringComparison.Ordinal)).SelectMany(l => Words(l[12..])))
        {
            var equals = assignment.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                environment[assignment[..equals]] = assignment[(equals + 1)..];
            }
        }

        // A drop-in empties ExecStart and sets it anew: the last one holds. Prefixes such as '-' and '@' are not part of the path.
        var words = Words(lines.LastOrDefault(l => l.StartsWith("ExecStart=", StringComparison.Ordinal) && l.Length > 10)?[10..].TrimStart('-', '@', ':', '+', '!') ?? "");
        var binary = words.Count > 0 ? words[0] : null;
        var arguments = words.Skip(1).ToList();
        var cosmovisor = binary is not null && Path.GetFileName(binary) == "cosmovisor";
        if (cosmovisor)
        {
            binary = environment.GetValueOrDefault("DAEMON_NAME", "virtengine");
            arguments = arguments is ["run", ..] ? arguments[1..] : arguments;
        }

        var home = HomeOf(arguments) ?? environment.GetValueOrDefault("DAEMON_HOME") ?? environment.GetValueOrDefault("NODE_HOME");
        return new SystemdUnit(name, binary, arguments, home, cosmovisor);
    }

    /// <summary>The value of <c>--home</c> in either form.</summary>
    public static string? HomeOf(IReadOnlyList<string> arguments)
    {
        for (var i = 0; i < arguments.Count; i++)
        {
            if (arguments[i].StartsWith("--home=", StringComparison.Ordinal))
            {
                return arguments[i][7..];
            }

            if (arguments[i] == "--home" && i + 1 < arguments.Count)
            {
                return arguments[i + 1];
            }
        }

        return null;
    }

    private static List<string> Words(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        char? quote = null;
        var open = false;
        foreach (var c in text)
        {
            if (quote is null && c is '"' or '\'')
            {
                (quote, open) = (c, true);
            }
            else if (c == quote)
            {
                quote = null;
            }
            else if (quote is null && char.IsWhiteSpace(c))
            {
                Close();
            }
            else
            {
                word.Append(c);
                open = true;
            }
        }

        Close();
        return words;

        void Close()
        {
            if (open)
            {
                words.Add(word.ToString());
                word.Clear();
                open = false;
            }
        }
    }

    [GeneratedRegex(@"^# /\S*/([A-Za-z0-9@:_.\\-]+\.service)\s*$", RegexOptions.Multiline)]
    private static partial Regex FileComment();
}
