using Temporalio.Workflows;
using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Workflows.Flow;

/// <summary>Every transition with time, actor and reason. Bounded: the first and the newest entries stay, and the gap says its size.</summary>
public sealed class Journal
{
    /// <summary>Actor of what the engine does by itself.</summary>
    public const string Flow = "flow";

    private const int First = 100;
    private const int Newest = 400;
    private const int LongestText = 1000;

    private readonly List<JournalEntry> entries = [];
    private int dropped;

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<JournalEntry> Entries =>
        dropped == 0
            ? [.. entries]
            : [.. entries.Take(First), new(entries[First].At, Flow, "journal.cut", $"{dropped} entries are left out here; the history has them."),
                .. entries.Skip(First)];

    /// <summary>Adds an entry as of now.</summary>
    public void Add(string actor, string what, string text)
    {
        var cut = text.Length <= LongestText ? text : text[..LongestText] + "…";
        entries.Add(new(new DateTimeOffset(Workflow.UtcNow, TimeSpan.Zero), actor, what, cut));
        if (entries.Count > First + Newest)
        {
            entries.RemoveAt(First);
            dropped++;
        }
    }
}
