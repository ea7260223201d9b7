namespace VirtEngine.DR.Backups;

/// <summary>How far a transfer is. All counts only grow.</summary>
/// <param name="Phase">What is done now: <c>prepare</c>, <c>transfer</c>, <c>confirm</c>, <c>commit</c>, <c>sync</c>.</param>
/// <param name="FilesDone">Files (or objects, when replicating) finished.</param>
/// <param name="FilesTotal">Files (or objects) in all.</param>
/// <param name="BytesDone">Plain bytes finished.</param>
/// <param name="BytesTotal">Plain bytes in all.</param>
public sealed record TransferProgress(string Phase, int FilesDone, int FilesTotal, long BytesDone, long BytesTotal);
