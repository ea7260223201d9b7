namespace VirtEngine.DR.Worker;

/// <summary>
/// The worker does not poll: an open run would not take the way that its history shows. To go on with it by this version could repeat
/// or leave out an act, so the version that wrote the history has to be started instead.
/// </summary>
/// <param name="message">What is wrong and what to do.</param>
/// <param name="mismatches">The runs; empty when there was no time to look at all of them.</param>
public sealed class OpenRunsException(string message, IReadOnlyList<OpenRunMismatch> mismatches) : Exception(message)
{
    /// <summary>The runs that did not pass.</summary>
    public IReadOnlyList<OpenRunMismatch> Mismatches { get; } = mismatches;

    internal static OpenRunsException Of(string version, IReadOnlyList<OpenRunMismatch> mismatches)
    {
        var lines = mismatches.Select(m => $"\n  {m.WorkflowId} ({m.WorkflowType}), last run by {m.Version ?? "an unknown version"}: {m.Problem}");
        var versions = mismatches.Select(m => m.Version).OfType<string>().Where(v => v != version).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        var start = versions.Length > 0 ? $"Start {string.Join(" or ", versions)} until they are over" : "Start the version that ran them until they are over";
        return new($"{version} cannot go on with {mismatches.Count} open run(s), so it does not poll:{string.Concat(lines)}\n{start}, then this one.", mismatches);
    }
}
