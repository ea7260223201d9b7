namespace VirtEngine.DR.Signing;

/// <summary>A bounded wait for one bucket's answer.</summary>
internal static class Patience
{
    public static async Task<T> BoundedAsync<T>(Func<CancellationToken, Task<T>> call, Func<string, T> late, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        try
        {
            return await call(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return late($"no answer within {patience.TotalSeconds:0.#} s");
        }
    }
}
