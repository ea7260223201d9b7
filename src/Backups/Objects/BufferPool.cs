using System.Collections.Concurrent;

namespace VirtEngine.DR.Backups.Objects;

/// <summary>Buffers of one size, as many as are in use at once.</summary>
internal sealed class BufferPool
{
    private readonly ConcurrentBag<byte[]> _free = [];

    public byte[] Rent() => _free.TryTake(out var buffer) ? buffer : GC.AllocateUninitializedArray<byte>(Limits.ObjectStored + 64);

    public void Return(byte[] buffer) => _free.Add(buffer);
}
