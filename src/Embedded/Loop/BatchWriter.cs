using System.Threading.Channels;
using VirtEngine.DR.Embedded.Store;

namespace VirtEngine.DR.Embedded.Loop;

/// <summary>Brings batches to disk, as many at once as wait, and then lets their answers go.</summary>
internal sealed class BatchWriter(EngineLoop loop, EngineStore store) : IAsyncDisposable
{
    private const int LargestGroup = 512;
    private static readonly Exception Killed = new InvalidOperationException("a seed says that the engine dies here");
    private readonly Channel<Batch> _batches = Channel.CreateUnbounded<Batch>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
    private Task _writing = Task.CompletedTask;

    public void Start() => _writing = Task.Run(WriteAsync);

    public bool Write(Batch batch) => _batches.Writer.TryWrite(batch);

    /// <summary>Nothing more comes.</summary>
    public void Complete() => _batches.Writer.TryComplete();

    /// <summary>Returns when everything before is on disk; false when it never will be.</summary>
    public async Task<bool> DrainAsync(long number)
    {
        var mark = new Batch(number) { Drained = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously) };
        if (!Write(mark))
        {
            return false;
        }

        await mark.Drained.Task.ConfigureAwait(false);
        return loop.Failure is null;
    }

    public async ValueTask DisposeAsync()
    {
        Complete();
        await _writing.ConfigureAwait(false);
    }

    private async Task WriteAsync()
    {
        var reader = _batches.Reader;
        var group = new List<Batch>();
        while (await reader.WaitToReadAsync().ConfigureAwait(false))
        {
            group.Clear();
            while (group.Count < LargestGroup && reader.TryRead(out var batch))
            {
                group.Add(batch);
            }

            try
            {
                if (loop.Failure is null)
                {
                    store.Write(group[^1].Death == false ? group[..^1] : group);
                }
            }
#pragma warning disable CA1031 // A batch that is not on disk must not be answered, and nothing after it may be: the engine stops.
            catch (Exception e)
#pragma warning restore CA1031
            {
                loop.Stop(e);
            }

            var dying = group[^1].Death is null ? null : group[^1];
            foreach (var (reply, batch) in group.SelectMany(b => b.Replies.Select(r => (r, b))))
            {
                if ((loop.Failure ?? (batch == dying ? Killed : null)) is { } failed)
                {
                    reply.Abandon(failed);
                }

                reply.Release();
            }

            foreach (var mark in group)
            {
                mark.Drained?.SetResult();
            }

            if (dying is not null)
            {
                await loop.DieAsync(Killed).ConfigureAwait(false);
                return;
            }

            loop.Written(group[^1].Number);
        }
    }
}
