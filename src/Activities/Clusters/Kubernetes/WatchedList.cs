using System.Collections.Concurrent;
using k8s;
using k8s.Models;
using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Contracts;

namespace VirtEngine.DR.Activities.Clusters.Kubernetes;

/// <summary>Something that is listed once and then watched from the version that the list had.</summary>
internal interface IWatchedList
{
    /// <summary>Keeps it as the server has it; ends only by a failure.</summary>
    /// <param name="changed">Called after each change.</param>
    /// <param name="token">Ends it.</param>
    /// <exception cref="Temporalio.Exceptions.ApplicationFailureException">Unavailable: the server is heard no more, or no longer remembers that version (410); list anew.</exception>
    Task RunAsync(Action changed, CancellationToken token);
}

/// <summary>Objects of one kind.</summary>
/// <param name="region">Whose API server is asked.</param>
/// <param name="what">What is watched, for people.</param>
/// <param name="version">The version of the list.</param>
/// <param name="items">What was listed.</param>
/// <param name="watch">Watches from a version, for so many seconds; told what goes wrong.</param>
internal sealed class WatchedList<T>(
    string region, string what, string version, IEnumerable<T> items, Func<string, int, Action<Exception>, CancellationToken, IAsyncEnumerable<(WatchEventType Type, T Item)>> watch) : IWatchedList
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    /// <summary>The server ends a watch by itself after this, in seconds: one that is silent and one whose server is gone look alike until then.</summary>
    private const int Seconds = 20;

    private const int Gone = 410;

    /// <summary>How much longer than that nothing is taken for a server that is gone.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    /// <summary>A server that ends every watch at once is not asked without end.</summary>
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, T> _items = new(items.Select(one => KeyValuePair.Create(one.Uid(), one)), StringComparer.Ordinal);

    /// <summary>The objects as they are known now.</summary>
    public ICollection<T> Items => _items.Values;

    /// <inheritdoc/>
    public async Task RunAsync(Action changed, CancellationToken token)
    {
        using var timer = new PeriodicTimer(Shortest);
        while (true)
        {
            await KubernetesCall.MakeAsync(region, what, () => OnceAsync(changed, token), token).ConfigureAwait(false);
            await timer.WaitForNextTickAsync(token).ConfigureAwait(false);
        }
    }

    /// <summary>One watch until the server ends it, from where the last one ended.</summary>
    private async Task<bool> OnceAsync(Action changed, CancellationToken token)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(token);
        limit.CancelAfter(TimeSpan.FromSeconds(Seconds) + Grace);
        Exception? wrong = null;
        try
        {
            await TakeAsync(watch(version, Seconds, failure => wrong ??= failure, limit.Token), changed).ConfigureAwait(false);
        }
        catch (Exception e) when (wrong is null && (e is EndOfStreamException || e.InnerException is EndOfStreamException))
        {
            // How the client tells of a watch that the server ended at its time without a single event: the next one goes on from there, or finds nobody.
        }

        return wrong switch
        {
            null => true,
            KubernetesException { Status.Code: Gone } => throw Failures.Transient($"the API server of {region} no longer remembers version {version} ({what}): it is listed anew", wrong),
            KubernetesException said => throw Failures.Transient($"the API server of {region} ended a watch ({what}): {said.Status?.Message ?? said.Message}", wrong),
            _ => throw Failures.Transient($"the API server of {region} does not answer ({what}): {wrong.Message}", wrong),
        };
    }

    private async Task TakeAsync(IAsyncEnumerable<(WatchEventType Type, T Item)> events, Action changed)
    {
        await foreach (var (type, item) in events.ConfigureAwait(false))
        {
            if (item.Metadata?.ResourceVersion is { } seen)
            {
                version = seen;
            }

            if (type is WatchEventType.Added or WatchEventType.Modified)
            {
                _items[item.Uid()] = item;
                changed();
            }
            else if (type == WatchEventType.Deleted)
            {
                _items.TryRemove(item.Uid(), out _);
                changed();
            }
        }
    }
}
