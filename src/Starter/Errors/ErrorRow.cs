namespace VirtEngine.DR.Starter.Errors;

/// <summary>What a type of failure means to an operator.</summary>
/// <param name="Type">A constant of <see cref="Contracts.ErrorTypes"/> or of the table itself.</param>
/// <param name="ExitCode">How the program ends.</param>
/// <param name="Advice">What to do, where the message itself does not say.</param>
internal sealed record ErrorRow(string Type, int ExitCode, string Advice);
