using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Signing;

namespace VirtEngine.DR.Activities.Signing;

/// <summary>Whether a start command goes through the gate of a key. Pure over the words: where it cannot be told, it does not.</summary>
public static class GateInstalled
{
    private const string Program = "virtengine-dr";
    private static readonly string[] Shells = ["sh", "bash", "dash", "ash", "zsh", "busybox"];
    private static readonly string[] Supervisors = ["cosmovisor", "supervisord", "runsv", "s6-supervise", "systemd-run", "screen", "tmux", "nohup", "daemonize", "start-stop-daemon"];

    /// <summary>What is wrong with a start command; null when it goes through this key's gate.</summary>
    /// <param name="words">The program and its arguments.</param>
    /// <param name="signer">The key.</param>
    public static string? Problem(IReadOnlyList<string> words, SignerName signer)
    {
        var line = $"'{Line(signer, ["COMMAND"])}'";
        if (words.Count == 0)
        {
            return $"no start command is known; it must be {line}";
        }

        var gate = IndexOfGate(words);
        if (gate < 0)
        {
            return words.Any(word => Shells.Contains(Name(word))) ? $"the start command is a shell's ('{string.Join(' ', words)}'): whether it goes through the gate cannot be told; start {line} directly"
                : words.Any(word => Name(word) == "cosmovisor") ? $"cosmovisor starts the node past the gate: let DAEMON_NAME be a program that is {line}, and start the gate inside cosmovisor"
                : $"the start command does not go through the gate ('{string.Join(' ', words)}'); it must be {line}";
        }

        if (words.Take(gate).FirstOrDefault(word => Shells.Contains(Name(word))) is { } shell)
        {
            return $"'{shell}' stands before the gate and may do something else as well: start {line} directly";
        }

        var end = words.ToList().IndexOf("--", gate);
        if (end < 0 || end == words.Count - 1)
        {
            return $"behind the gate no command follows '--'; it must be {line}";
        }

        var options = words.Skip(gate).Take(end - gate).ToList();
        if (Value(options, "--chain") != signer.Chain || !string.Equals(Value(options, "--validator"), signer.Address, StringComparison.OrdinalIgnoreCase))
        {
            return $"the gate is of another key (--chain {Value(options, "--chain") ?? "is missing"}, --validator {Value(options, "--validator") ?? "is missing"}); it must be {line}";
        }

        return Name(words[end + 1]) is var inner && (Shells.Contains(inner) || Supervisors.Contains(inner))
            ? $"behind the gate stands '{words[end + 1]}', which would start the signer again past it: the gate is the innermost wrapper, {line}" : null;
    }

    /// <summary>What is wrong with a unit's start commands, as <c>systemctl show --property=ExecStart</c> prints them; null when the one it has goes through the gate.</summary>
    public static string? ProblemOfUnit(string shown, SignerName signer)
    {
        const string Begin = "argv[]=", End = " ; ignore_errors=";
        var commands = new List<string>();
        for (var at = shown.IndexOf(Begin, StringComparison.Ordinal); at >= 0; at = shown.IndexOf(Begin, at + 1, StringComparison.Ordinal))
        {
            var end = shown.IndexOf(End, at, StringComparison.Ordinal);
            commands.Add(shown[(at + Begin.Length)..(end < 0 ? shown.Length : end)].Trim());
        }

        return commands.Count == 1 ? Problem(commands[0].Split(' ', StringSplitOptions.RemoveEmptyEntries), signer)
            : $"the unit has {commands.Count} start commands; exactly one is needed, through the gate: '{Line(signer, ["COMMAND"])}'";
    }

    /// <summary>What is wrong with the command by which a node worker starts a process; null when it goes through the gate.</summary>
    public static string? ProblemOfProcess(NodeSpec node, ChainSpec chain, SignerName signer) => Problem(Words(node, chain), signer);

    /// <summary>The words by which a node worker starts a process.</summary>
    public static IReadOnlyList<string> Words(NodeSpec node, ChainSpec chain)
    {
        IReadOnlyList<string> words = node.Control.Command.Count > 0 ? node.Control.Command : [chain.Commands.Binary, .. chain.Commands.Start];
        return [.. words.Select(word => word.Replace("{home}", node.Home, StringComparison.Ordinal).Replace("{chain}", chain.Id, StringComparison.Ordinal))];
    }

    /// <summary>A start command through the gate.</summary>
    public static string Line(SignerName signer, IReadOnlyList<string> command) => string.Join(' ', Gated(signer, command));

    /// <summary>The words of a start command through the gate.</summary>
    public static IReadOnlyList<string> Gated(SignerName signer, IReadOnlyList<string> command) =>
        [Program, "signer", "exec", "--chain", signer.Chain, "--validator", signer.Address, "--", .. command];

    private static int IndexOfGate(IReadOnlyList<string> words)
    {
        for (var i = 0; i + 2 < words.Count && words[i] != "--"; i++)
        {
            if ((Name(words[i]) is Program or Program + ".dll") && words[i + 1] == "signer" && words[i + 2] == "exec")
            {
                return i;
            }
        }

        return -1;
    }

    private static string? Value(List<string> options, string name)
    {
        for (var i = options.Count - 1; i >= 0; i--)
        {
            if (options[i].StartsWith(name + "=", StringComparison.Ordinal) || options[i].StartsWith(name + ":", StringComparison.Ordinal))
            {
                return options[i][(name.Length + 1)..];
            }

            if (options[i] == name && i + 1 < options.Count)
            {
                return options[i + 1];
            }
        }

        return null;
    }

    /// <summary>The program's own name, without its folder and systemd's prefixes.</summary>
    private static string Name(string word) => word[(word.LastIndexOf('/') + 1)..].TrimStart('-', '@', ':', '+', '!');
}
