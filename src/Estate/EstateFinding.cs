namespace VirtEngine.DR.Estates;

/// <summary>How much a finding matters.</summary>
public enum FindingSeverity
{
    /// <summary>Good to know.</summary>
    Info,

    /// <summary>Allowed, but somebody should decide it.</summary>
    Warning,
}

/// <summary>Something that people should know about an estate which is valid.</summary>
/// <param name="Severity">How much it matters.</param>
/// <param name="Path">The field, such as <c>nodes[0].rpc</c>; empty for the whole.</param>
/// <param name="Text">What, and what could be done.</param>
public sealed record EstateFinding(FindingSeverity Severity, string Path, string Text)
{
    internal static EstateFinding Info(string path, string text) => new(FindingSeverity.Info, path, text);

    internal static EstateFinding Warning(string path, string text) => new(FindingSeverity.Warning, path, text);
}
