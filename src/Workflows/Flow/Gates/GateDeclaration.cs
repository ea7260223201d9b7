namespace VirtEngine.DR.Workflows.Flow;

/// <summary>A place where people decide.</summary>
/// <param name="Name">Its name, which an approval gives.</param>
/// <param name="Question">What is asked.</param>
/// <param name="BeforeStep">The step that may not begin before it is passed.</param>
public sealed record GateDeclaration(string Name, string Question, string BeforeStep)
{
    /// <summary>How many people it needs at least, whatever the estate says.</summary>
    public int Required { get; init; } = 1;
}
