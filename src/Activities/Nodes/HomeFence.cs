using Temporalio.Activities;
using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Activities.Nodes;

/// <summary>
/// The right to write to a node's home: a file lock (one writer on the host at a time) and a rising attempt number beside it
/// (a late attempt of a step that was since tried again or undone finds itself fenced). Both are needed: the lock is gone when a
/// worker dies, the number stays.
/// </summary>
public sealed class HomeFence : IFence, IDisposable
{
    private const int RememberedRuns = 64;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly FileStream _lock;
    private readonly string _record;
    private readonly StepKey _key;
    private readonly bool _reads;

    private HomeFence(FileStream held, string record, StepKey key, bool reads)
    {
        _lock = held;
        _record = record;
        _key = key;
        _reads = reads;
    }

    /// <summary>Takes the lock alone, for calls that look at the home (number 0) and change nothing of the node's.</summary>
    public static async Task<HomeFence> AcquireForReadingAsync(NodeHome home, StepKey key, CancellationToken cancellationToken)
    {
        home.EnsurePrivate();
        var held = await LockAsync(Path.Combine(home.Private, "lock"), cancellationToken).ConfigureAwait(false);
        return new HomeFence(held, Path.Combine(home.Private, "attempt.json"), key, reads: true);
    }

    /// <summary>Takes the lock and writes the attempt number, durably, before anything else is written.</summary>
    public static async Task<HomeFence> AcquireAsync(NodeHome home, StepKey key, CancellationToken cancellationToken)
    {
        var runsFor = ActivityExecutionContext.HasCurrent ? ActivityExecutionContext.Current.Info.WorkflowRunId : key.Execution;
        if (key.RunId != key.FirstRunId || (key.Execution is { } asked && asked != runsFor))
        {
            throw Failures.Permanent(
                ErrorTypes.Fenced,
                $"run {key.WorkflowId} was reset: execution {runsFor ?? key.RunId} is not its first, {key.FirstRunId}, which may have acted already. It may only be repaired");
        }

        home.EnsurePrivate();
        var held = await LockAsync(Path.Combine(home.Private, "lock"), cancellationToken).ConfigureAwait(false);
        try
        {
            var fence = new HomeFence(held, Path.Combine(home.Private, "attempt.json"), key, reads: false);
            fence.Claim();
            return fence;
        }
        catch
        {
            await held.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public void EnsureCurrent()
    {
        if (!_reads)
        {
            Check(Read());
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    private static async Task<FileStream> LockAsync(string path, CancellationToken cancellationToken)
    {
        var giveUp = DateTime.UtcNow + Patience;
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e) when (e is not (FileNotFoundException or DirectoryNotFoundException or PathTooLongException))
            {
                if (DateTime.UtcNow > giveUp)
                {
                    throw Failures.Transient($"another process works on this node: it holds '{path}'", e);
                }
            }

            await Task.Delay(50, cancellationToken).ConfigureAwait(false);
        }
    }

    private AttemptRecord Read()
    {
        try
        {
            return DurableFile.ReadJson<AttemptRecord>(_record) ?? new AttemptRecord([]);
        }
        catch (InvalidDataException e)
        {
            throw Failures.Permanent(ErrorTypes.Conflict, e.Message, e);
        }
    }

    private void Claim()
    {
        var record = Read();
        Check(record);
        if (record.Runs is [.., var last] && last == new AttemptOfRun(_key.WorkflowId, _key.FirstRunId, _key.Number))
        {
            return;
        }

        var others = record.Runs.Where(run => !Mine(run)).TakeLast(RememberedRuns - 1);
        DurableFile.WriteJson(_record, new AttemptRecord([.. others, new AttemptOfRun(_key.WorkflowId, _key.FirstRunId, _key.Number)]));
    }

    private void Check(AttemptRecord record)
    {
        var seen = record.Runs.LastOrDefault(Mine);
        if (seen is null)
        {
            return;
        }

        // The same number again is a retry of the same call, but only as long as no other run has acted here since.
        var superseded = seen.Number == _key.Number && !Mine(record.Runs[^1]);
        if (seen.Number > _key.Number || superseded)
        {
            var owner = superseded ? $"run {record.Runs[^1].WorkflowId}" : $"attempt {seen.Number} of the same run";
            throw Failures.Permanent(ErrorTypes.Fenced, $"attempt {_key.Number} of step '{_key.Step}' is late: {owner} owns the node now");
        }
    }

    private bool Mine(AttemptOfRun run) => run.WorkflowId == _key.WorkflowId && run.FirstRunId == _key.FirstRunId;
}
