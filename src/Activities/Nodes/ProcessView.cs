using VirtEngine.DR.Contracts.Nodes;

namespace VirtEngine.DR.Activities.Nodes;

/// <summary>A node's process as its keeper sees it.</summary>
/// <param name="State">Whether it runs.</param>
/// <param name="Pid">Its id, where there is one.</param>
/// <param name="Notes">What could not be found out, or what people should know.</param>
public sealed record ProcessView(ProcessState State, int? Pid, IReadOnlyList<string> Notes)
{
    /// <summary>For a frozen one: a signal stopped it, and nothing else holds it.</summary>
    public bool Hung { get; init; }
}
