namespace VirtEngine.DR.Starter.Errors;

/// <summary>A failure as it is shown.</summary>
/// <param name="Type">Its type.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Advice">What to do.</param>
/// <param name="ExitCode">How the program ends.</param>
internal sealed record ExplainedError(string Type, string Message, string Advice, int ExitCode);
