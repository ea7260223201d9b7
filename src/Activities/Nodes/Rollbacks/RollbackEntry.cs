using VirtEngine.DR.Activities.Nodes.Process;

namespace VirtEngine.DR.Activities.Nodes.Rollbacks;

/// <summary>One height that a run set out to undo.</summary>
/// <param name="WorkflowId">The run.</param>
/// <param name="FirstRunId">Its first execution.</param>
/// <param name="FromHeight">The block store's height before.</param>
/// <param name="Hard">With the block.</param>
/// <param name="At">When it was begun.</param>
/// <param name="Process">The command's process, on disk before it became the command.</param>
/// <param name="DoneAt">When the stores were seen at the height below.</param>
internal sealed record RollbackEntry(
    string WorkflowId, string FirstRunId, long FromHeight, bool Hard, DateTimeOffset At, ProcessRecord Process, DateTimeOffset? DoneAt)
{
    /// <summary>Another run saw that it had come to nothing.</summary>
    public bool Void { get; init; }

    /// <summary>Neither done nor come to nothing.</summary>
    public bool IsOpen => DoneAt is null && !Void;

    /// <summary>The command still runs.</summary>
    public bool IsRunning => Process.BootId == ProcFs.BootId && ProcFs.Stat(Process.Pid)?.StartTime == Process.StartTime;
}
