namespace VirtEngine.DR.Simulation.Store;

/// <summary>Keys in the order of their bytes.</summary>
public sealed class ByteOrder : IComparer<byte[]>
{
    /// <summary>The one instance.</summary>
    public static ByteOrder Instance { get; } = new();

    /// <inheritdoc/>
    public int Compare(byte[]? x, byte[]? y) => x.AsSpan().SequenceCompareTo(y);
}
