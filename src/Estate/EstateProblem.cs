namespace VirtEngine.DR.Estates;

/// <summary>One mistake in an estate.</summary>
/// <param name="Line">Line in the file, 1 is first.</param>
/// <param name="Column">Column in the line, 1 is first.</param>
/// <param name="Path">The field, such as <c>nodes[2].region</c>.</param>
/// <param name="Message">What is wrong. Never holds a secret, even where the mistake is one.</param>
/// <param name="Allowed">What is allowed, or what to do; null where the message says all.</param>
public sealed record EstateProblem(int Line, int Column, string Path, string Message, string? Allowed);
