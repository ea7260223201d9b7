namespace VirtEngine.DR.Guard;

/// <summary>One thread as it was read.</summary>
/// <param name="Id">The thread.</param>
/// <param name="State">The kernel's letter: T is stopped.</param>
/// <param name="Nanoseconds">Its time on a processor.</param>
/// <param name="Slices">How often it came onto one: unlike the time, this cannot grow by the tail of the slice in which it stopped.</param>
internal readonly record struct ThreadReading(int Id, byte State, ulong Nanoseconds, ulong Slices)
{
    /// <summary>Stopped, or dead (a leader that ended before its threads stays a zombie).</summary>
    public bool Still => State is (byte)'T' or (byte)'Z' or (byte)'X';
}
