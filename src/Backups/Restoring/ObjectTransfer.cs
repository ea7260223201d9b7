using VirtEngine.DR.Backups.Objects;

namespace VirtEngine.DR.Backups.Restoring;

/// <summary>Fetches each object once and writes it to every place that it belongs to. Only checked bytes are written.</summary>
internal sealed class ObjectTransfer(StageFolder stage, MissingParts missing, RestoreOptions options)
{
    private long _bytesDone;
    private int _filesDone;

    public async Task RunAsync(ObjectReader reader, BufferPool buffers, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        var total = stage.Manifest.PlainBytes();
        _bytesDone = total - missing.Bytes;
        _filesDone = stage.Manifest.Files.Count - missing.ByObject.Values.SelectMany(parts => parts).Select(part => part.File.Path).Distinct(StringComparer.Ordinal).Count();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Parallelism, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(missing.ByObject.OrderBy(pair => pair.Key), parallel, async (pair, token) =>
        {
            var plain = await reader.ReadAsync(stage.Manifest.Objects[pair.Key], searchElsewhere: true, token).ConfigureAwait(false);
            try
            {
                foreach (var part in pair.Value)
                {
                    stage.Write(part, plain.AsSpan(part.Part.Offset, part.Part.Length));
                    Interlocked.Add(ref _bytesDone, part.Part.Length);
                    if (part.FileOffset + part.Part.Length == part.File.Size)
                    {
                        Interlocked.Increment(ref _filesDone);
                    }
                }
            }
            finally
            {
                buffers.Return(plain);
            }

            progress?.Report(new TransferProgress("transfer", Volatile.Read(ref _filesDone), stage.Manifest.Files.Count, Interlocked.Read(ref _bytesDone), total));
        }).ConfigureAwait(false);
    }
}
