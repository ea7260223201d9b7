namespace VirtEngine.DR.Starter.Demo;

/// <summary>What the demo has shown; one that does not hold makes the whole demo fail.</summary>
internal sealed class DemoProofs
{
    private readonly List<DemoProof> all = [];

    public IReadOnlyList<DemoProof> All => all;

    /// <summary>True when there is something and all of it holds.</summary>
    public bool Hold => all.Count > 0 && all.All(proof => proof.Holds);

    public void Add(string what, bool holds, string seen) => all.Add(new DemoProof(what, holds, seen));
}
