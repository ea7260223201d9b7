namespace VirtEngine.DR.Backups.Tables;

/// <summary>A table as a MANIFEST names it.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Size">Its size.</param>
/// <param name="Smallest">The smallest user key in it.</param>
/// <param name="Largest">The largest one.</param>
internal sealed record TableFile(ulong Number, long Size, byte[] Smallest, byte[] Largest)
{
    /// <summary>Whether the key may be in it.</summary>
    public bool MayHold(ReadOnlySpan<byte> key) => key.SequenceCompareTo(Smallest) >= 0 && key.SequenceCompareTo(Largest) <= 0;

    /// <summary>The file's path; older databases wrote another ending. Null where there is none.</summary>
    public string? PathIn(string folder) => new[] { $"{Number:000000}.ldb", $"{Number:000000}.sst" }.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}
