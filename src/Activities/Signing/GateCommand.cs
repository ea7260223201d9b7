using VirtEngine.DR.Signing;

namespace VirtEngine.DR.Activities.Signing;

/// <summary>Whether a node's start command goes through the gate of a key.</summary>
public static class GateCommand
{
    /// <summary>What is wrong with it; null when <c>signer exec --chain ID --validator HEX -- COMMAND</c> stands before the signer's own command.</summary>
    /// <param name="words">The start command's words.</param>
    /// <param name="signer">The key.</param>
    public static string? Problem(IReadOnlyList<string> words, SignerName signer)
    {
        ArgumentNullException.ThrowIfNull(words);
        ArgumentNullException.ThrowIfNull(signer);
        var wanted = $"virtengine-dr signer exec --chain {signer.Chain} --validator {signer.Address} -- <the signer's own command>";
        var at = Enumerable.Range(0, Math.Max(0, words.Count - 1)).FirstOrDefault(i => words[i] == "signer" && words[i + 1] == "exec", -1);
        var end = words.ToList().IndexOf("--");
        if (at < 0 || end < at || end == words.Count - 1)
        {
            return $"its start command does not go through the signer's gate ('{string.Join(' ', words)}'): it must be '{wanted}'";
        }

        var options = words.Skip(at + 2).Take(end - at - 2).SelectMany(word => word.StartsWith("--", StringComparison.Ordinal) ? word.Split('=', 2) : [word]).ToList();
        string? Value(string name) => options.IndexOf(name) is var i && i >= 0 && i + 1 < options.Count ? options[i + 1] : null;
        return Value("--chain") == signer.Chain && string.Equals(Value("--validator"), signer.Address, StringComparison.OrdinalIgnoreCase)
            ? null
            : $"its start command goes through the gate of another key (chain {Value("--chain") ?? "unnamed"}, validator {Value("--validator") ?? "unnamed"}): it must be '{wanted}'";
    }
}
