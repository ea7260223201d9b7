namespace VirtEngine.DR.Activities.Common;

/// <summary>How a program ended.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">Standard output, at most 1 MiB.</param>
/// <param name="Error">Standard error, at most 1 MiB.</param>
internal sealed record ChildResult(int ExitCode, string Output, string Error)
{
    /// <summary>The first line that says something, for messages.</summary>
    public string FirstLine => (string.IsNullOrWhiteSpace(Error) ? Output : Error).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .FirstOrDefault() ?? "(no output)";
}
