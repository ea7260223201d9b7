namespace VirtEngine.DR.Worker.Hosting;

/// <summary>The answer of <c>/health</c>.</summary>
/// <param name="Status"><c>ready</c> (200) or <c>not ready</c> (503).</param>
/// <param name="Queues">The task queues that are polled.</param>
/// <param name="Since">Ready since.</param>
/// <param name="Problem">Why it is not ready.</param>
public sealed record WorkerHealthReport(string Status, IReadOnlyList<string> Queues, DateTimeOffset? Since, string? Problem)
{
    /// <summary>Signers of this host that were stopped because somebody else signs with their key (docs/signing.md).</summary>
    public IReadOnlyList<string> Alarms { get; init; } = [];
}
