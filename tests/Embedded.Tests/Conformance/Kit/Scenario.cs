namespace VirtEngine.DR.Embedded.Tests.Conformance;

/// <summary>One thing that workflows and clients do with a server, played by the same code on every server.</summary>
/// <param name="Name">A name that is unique in the list: family, dot, case.</param>
/// <param name="Play">What is done; notes and histories recorded on the stage are what is compared.</param>
public sealed record Scenario(string Name, Func<Stage, Task> Play)
{
    /// <inheritdoc/>
    public override string ToString() => Name;
}
