namespace VirtEngine.DR.Worker;

/// <summary>The options have mistakes; all are named.</summary>
/// <param name="problems">One line each: which option, what was wrong, what is allowed.</param>
public sealed class WorkerOptionsException(IReadOnlyList<string> problems) : Exception("the worker's options have mistakes:\n  " + string.Join("\n  ", problems))
{
    /// <summary>One line each.</summary>
    public IReadOnlyList<string> Problems { get; } = problems;
}
