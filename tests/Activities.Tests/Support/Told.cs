using VirtEngine.DR.Backups;

namespace VirtEngine.DR.Activities.Tests.Support;

/// <summary>Progress that completes when so many files or objects are through.</summary>
internal sealed class Told(int done) : IProgress<TransferProgress>
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Reached => _reached.Task;

    public void Report(TransferProgress value)
    {
        if (value.Phase == "transfer" && value.FilesDone >= done)
        {
            _reached.TrySetResult();
        }
    }
}
