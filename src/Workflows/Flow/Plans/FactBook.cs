using Temporalio.Workflows;
using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Workflows.Flow;

/// <summary>What the plan depends on, each with its time; gathered again, the newer one counts, and the first is remembered.</summary>
public sealed class FactBook
{
    private readonly List<FactState> facts;
    private readonly string prefix;

    /// <summary>An empty book.</summary>
    public FactBook()
        : this([], "")
    {
    }

    private FactBook(List<FactState> facts, string prefix)
    {
        this.facts = facts;
        this.prefix = prefix;
    }

    /// <summary>In the order in which they were first observed.</summary>
    public IReadOnlyList<FactState> All => facts;

    /// <summary>The same book for one of several targets: what is recorded there carries its name.</summary>
    public FactBook Of(string name) => new(facts, $"{prefix}{name}/");

    /// <summary>Records a fact as observed now, or at the time that its observer gave.</summary>
    public void Record(string name, string value, DateTimeOffset? at = null)
    {
        name = prefix + name;
        var fact = new FactState(name, value, at ?? new DateTimeOffset(Workflow.UtcNow, TimeSpan.Zero));
        var index = facts.FindIndex(f => f.Name == name);
        if (index < 0)
        {
            facts.Add(fact);
        }
        else
        {
            var before = facts[index];
            facts[index] = before.FirstValue is null && before.Value == value
                ? fact
                : fact with { FirstValue = before.FirstValue ?? before.Value, FirstAt = before.FirstAt ?? before.ObservedAt };
        }
    }
}
