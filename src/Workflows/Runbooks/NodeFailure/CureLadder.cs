using Temporalio.Exceptions;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Nodes;

namespace VirtEngine.DR.Workflows.Runbooks;

/// <summary>Which cures a run tries, which is due, and what came of those before.</summary>
public sealed class CureLadder
{
    private readonly Dictionary<string, bool> told = [];
    private readonly HashSet<string> spent;
    private readonly string asked;

    private CureLadder(IReadOnlyList<string> names, string asked, HashSet<string> spent)
    {
        Names = names;
        this.asked = asked;
        this.spent = spent;
    }

    /// <summary>In their order.</summary>
    public IReadOnlyList<string> Names { get; private set; }

    /// <summary>An act was sent: from now on the ladder stands.</summary>
    public bool Begun { get; private set; }

    /// <summary>For whoever takes over: the cure that this run is at.</summary>
    public string Pinned => Names.Count > 1 && told.Count > 0 ? Names.FirstOrDefault(name => !told.ContainsKey(name)) ?? Names[^1] : asked;

    /// <summary>Before anything was found.</summary>
    public static CureLadder Asked(string cure) => new([], cure, []);

    /// <summary>The ladder for what was found: the cure that was asked for alone, else those that fit; after a relapse not again what was of no lasting help.</summary>
    public CureLadder For(Diagnosis found)
    {
        ArgumentNullException.ThrowIfNull(found);
        return For(found.Cures);
    }

    /// <summary>The ladder of the cures that fit; the one that was asked for alone.</summary>
    public CureLadder For(IReadOnlyList<string> cures)
    {
        ArgumentNullException.ThrowIfNull(cures);
        var fitting = asked == Cures.Auto ? cures : [asked];
        return new(fitting.Count > 1 ? [.. fitting.Where(cure => !spent.Contains(cure))] : fitting, asked, spent);
    }

    /// <summary>Puts state sync before a restore where nothing speaks against it; which of both it is, the forecast decides when their turn comes.</summary>
    /// <param name="whyNot">What speaks against it; null where nothing does.</param>
    /// <exception cref="ApplicationFailureException">Somebody asked for it, and it cannot be.</exception>
    public void Offer(string? whyNot)
    {
        if (asked == Cures.StateSync && whyNot is not null)
        {
            throw new ApplicationFailureException(whyNot, ErrorTypes.Conflict, nonRetryable: true);
        }

        if (whyNot is null && asked == Cures.Auto && Has(Cures.Restore) && !spent.Contains(Cures.StateSync))
        {
            Names = [.. Names.SelectMany(name => name == Cures.Restore ? [Cures.StateSync, Cures.Restore] : new[] { name })];
        }
    }

    /// <summary>A cure turned out not to be one for this node, or to be the slower one.</summary>
    public void Drop(string cure) => Names = [.. Names.Where(name => name != cure)];

    /// <summary>Why the run cannot go on with what was found; null when it can.</summary>
    public string? Refusal(Diagnosis found, string node)
    {
        ArgumentNullException.ThrowIfNull(found);
        return Names.Count == 0 && found.Helpless ? $"{node} is {found.Class}: {found.Evidence}. There is no cure here: {found.Why}"
            : found.Class == FailureClass.TwoSigners ? $"{node} is {found.Class}: {found.Evidence}. No cure may be asked for: {found.Why}" : null;
    }

    /// <summary>Whether it is one of them.</summary>
    public bool Has(string cure) => Names.Contains(cure);

    /// <summary>Whether it is the one whose turn it is.</summary>
    public bool Due(string cure) => WhyNot(cure) is null;

    /// <summary>The ids of the steps of the cures in turn that stop the node.</summary>
    public IReadOnlyList<string> Stops => [.. Due(Cures.Restart) ? ["restart-stop"] : Array.Empty<string>(), .. Due(Cures.Restore) ? ["stop"] : Array.Empty<string>()];

    /// <summary>Why a cure is not part of the plan (not yet, or not at all); null when it is.</summary>
    public string? WhyNot(string cure)
    {
        if (!Has(cure))
        {
            return asked == Cures.Auto ? "not a cure for what was found" : "not asked for";
        }

        foreach (var before in Names.TakeWhile(name => name != cure))
        {
            if (!told.TryGetValue(before, out var helped))
            {
                return $"only if {before} does not help";
            }

            if (helped)
            {
                return $"not needed: {before} helped";
            }
        }

        return null;
    }

    /// <summary>An act is about to be sent.</summary>
    public StepKey Begin(StepKey key)
    {
        Begun = true;
        return key;
    }

    /// <summary>What came of a cure.</summary>
    public void Tell(string cure, bool helped)
    {
        told[cure] = helped;
        spent.Add(cure);
    }

    /// <summary>A relapse: what is found next decides anew.</summary>
    public void Relapsed() => Begun = false;
}
