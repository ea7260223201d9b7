namespace VirtEngine.DR.Backups.Restoring;

/// <summary>Puts a staged restore in the place of a stopped node's data, keeps the former folders, and can put them back.</summary>
public static class DataSwap
{
    /// <summary>Swaps. Run again after a crash with the same request it goes on to the end; a finished one again changes nothing.</summary>
    public static Task<SwapResult> SwapAsync(SwapRequest request, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Puts the kept folders back. The signing state never falls: the higher one is in place before.</summary>
    public static Task<SwapResult> SwapBackAsync(SwapRequest request, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>The digest of a swap that is not finished in this home, or null. While there is one the node must not be started.</summary>
    public static Task<string?> PendingAsync(string home, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Deletes what a finished swap kept, once the node is proven healthy.</summary>
    public static Task DropKeptAsync(string home, string digest, CancellationToken cancellationToken) => throw new NotImplementedException();
}
