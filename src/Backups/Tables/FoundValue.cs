namespace VirtEngine.DR.Backups.Tables;

/// <summary>A version of a key.</summary>
/// <param name="Sequence">The higher one is the newer.</param>
/// <param name="Value">Null: it was deleted.</param>
internal sealed record FoundValue(ulong Sequence, byte[]? Value)
{
    /// <summary>The newer of two.</summary>
    public static FoundValue? Newer(FoundValue? one, FoundValue? other) => one is null || other?.Sequence > one.Sequence ? other ?? one : one;
}
