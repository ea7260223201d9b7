using VirtEngine.DR.Backups;

namespace VirtEngine.DR.Activities.Backups;

/// <summary>The last word of a transfer; the heartbeat sends it.</summary>
internal sealed class LatestProgress : IProgress<TransferProgress>
{
    private TransferProgress? _last;

    /// <summary>The last word; null before the first.</summary>
    public TransferProgress? Last => Volatile.Read(ref _last);

    /// <inheritdoc/>
    public void Report(TransferProgress value) => Volatile.Write(ref _last, value);
}
