namespace VirtEngine.DR.Worker.Hosting;

/// <summary>Tells the program that this version does not poll.</summary>
internal sealed class WorkerRefusal
{
    private readonly TaskCompletionSource<OpenRunsException> _refused = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when it refuses.</summary>
    public Task<OpenRunsException> Refused => _refused.Task;

    /// <summary>Refuses, for good.</summary>
    public void Refuse(OpenRunsException why) => _refused.TrySetResult(why);
}
