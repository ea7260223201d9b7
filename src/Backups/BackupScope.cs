using System.Text.RegularExpressions;

namespace VirtEngine.DR.Backups;

/// <summary>What a backup is of. Everything of a node lives below <c>chain/node/</c>, so that credentials can be limited to it.</summary>
/// <param name="Chain">The chain id, for example <c>virtengine-1</c>.</param>
/// <param name="Node">The node's name in the estate.</param>
/// <param name="Kind">One of <see cref="BackupKinds"/>, or another lower-case name.</param>
public sealed partial record BackupScope(string Chain, string Node, string Kind)
{
    private static readonly HashSet<string> Reserved = new(StringComparer.Ordinal) { "objects", "packs", "intents", "marks", "keys" };

    /// <summary>Every mistake in the three names; empty when they are usable as parts of a key.</summary>
    public IReadOnlyList<string> Mistakes()
    {
        var mistakes = new List<string>();
        if (!Name().IsMatch(Chain))
        {
            mistakes.Add($"chain '{Chain}': 1 to 64 letters, digits, '.', '_' or '-', beginning with a letter or digit");
        }

        if (!Name().IsMatch(Node))
        {
            mistakes.Add($"node '{Node}': 1 to 64 letters, digits, '.', '_' or '-', beginning with a letter or digit");
        }

        if (!KindName().IsMatch(Kind) || Reserved.Contains(Kind))
        {
            mistakes.Add($"kind '{Kind}': 1 to 32 lower-case letters, digits or '-', and none of {string.Join(", ", Reserved.Order())}");
        }

        return mistakes;
    }

    /// <summary>Refuses names that cannot be parts of a key, all at once.</summary>
    public void Validate()
    {
        var mistakes = Mistakes();
        if (mistakes.Count > 0)
        {
            throw new BackupException(BackupErrorCodes.ScopeInvalid, string.Join("; ", mistakes));
        }
    }

    /// <inheritdoc />
    public override string ToString() => $"{Chain}/{Node}/{Kind}";

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    [GeneratedRegex(@"^[a-z0-9][a-z0-9-]{0,31}\z", RegexOptions.CultureInvariant)]
    private static partial Regex KindName();
}
