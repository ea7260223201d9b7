namespace VirtEngine.DR.Starter.Errors;

/// <summary>A failure that is explained to the operator, with a type of <see cref="Contracts.ErrorTypes"/>.</summary>
/// <param name="type">Decides the exit code.</param>
/// <param name="message">What is wrong and what to do.</param>
/// <param name="inner">Where it came from.</param>
internal sealed class CliException(string type, string message, Exception? inner = null) : Exception(message, inner)
{
    public string Type { get; } = type;
}
