using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Workflows.Flow;

/// <summary>
/// One of several targets of a run: its steps, gates, bounds and facts carry its name, so that one plan holds them all. A run with a single target names nothing.
/// What works for one target alone sees the run as if it were that target's own.
/// </summary>
/// <param name="name">The target's name; null where it is the only one.</param>
public sealed class Part(string? name)
{
    private string Prefix => name is null ? "" : name + "/";

    /// <summary>Whether the run has others.</summary>
    public bool OfSeveral => name is not null;

    /// <summary>Whether a step of the whole plan is this target's.</summary>
    public bool Owns(string step)
    {
        ArgumentNullException.ThrowIfNull(step);
        return step.StartsWith(Prefix, StringComparison.Ordinal);
    }

    /// <summary>Its steps in the whole plan.</summary>
    public IEnumerable<StepDeclaration> Of(IEnumerable<StepDeclaration> steps) => name is null ? steps : steps.Select(step => step with
    {
        Id = Prefix + step.Id,
        Title = step.Title.Contains(name, StringComparison.Ordinal) ? step.Title : $"{name}: {step.Title}",
    });

    /// <summary>Its gates in the whole plan.</summary>
    public IEnumerable<GateDeclaration> Of(IEnumerable<GateDeclaration> gates) => name is null ? gates : gates.Select(gate => gate with
    {
        Name = Prefix + gate.Name,
        BeforeStep = Prefix + gate.BeforeStep,
    });

    /// <summary>Its bounds in the whole plan.</summary>
    public IEnumerable<Bound> Of(IEnumerable<Bound> bounds) => name is null ? bounds : bounds.Select(bound => bound.Of(name));

    /// <summary>Its risks in the whole plan.</summary>
    public IEnumerable<string> Of(IEnumerable<string> risks) =>
        name is null ? risks : risks.Select(risk => risk.Contains(name, StringComparison.Ordinal) ? risk : $"{name}: {risk}");

    /// <summary>Its facts in the whole book.</summary>
    public FactBook Of(FactBook facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        return name is null ? facts : facts.Of(name);
    }

    /// <summary>The run as this target's own.</summary>
    public RunState Own(RunState run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return name is null ? run : run with
        {
            Steps = [.. run.Steps.Where(step => Owns(step.Id)).Select(step => step with { Id = step.Id[Prefix.Length..] })],
            Gates = [.. run.Gates.Where(gate => Owns(gate.Name)).Select(gate => gate with { Name = gate.Name[Prefix.Length..] })],
        };
    }

    /// <summary>What another run left behind of this target.</summary>
    public Takeover? Own(Takeover? takeover) => name is null || takeover is null ? takeover : takeover with
    {
        Run = takeover.Run with { Undo = [.. takeover.Run.Undo.Where(undo => Owns(undo.Step)).Select(undo => undo with { Step = undo.Step[Prefix.Length..] })] },
    };
}
