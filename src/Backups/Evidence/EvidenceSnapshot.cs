using System.Collections.Concurrent;
using System.Text.Json;
using VirtEngine.DR.Backups.Manifests;
using VirtEngine.DR.Backups.Snapshots;
using VirtEngine.DR.Backups.Snapshots.Freezing;
using VirtEngine.DR.Backups.Snapshots.Native;
using VirtEngine.DR.Backups.Snapshots.Staging;

namespace VirtEngine.DR.Backups.Evidence;

/// <summary>
/// A stopped node as it was found, for analysis. The files are read where they are, while the databases' LOCK files are held so that nobody
/// starts the node; before it counts everything is looked at again. It holds the signing state, so it is never restored.
/// </summary>
public sealed class EvidenceSnapshot : ISnapshot
{
    private readonly Dictionary<string, EvidenceFile> _files;
    private readonly Dictionary<string, byte[]> _notes;
    private readonly ConcurrentDictionary<string, long> _unreadable = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<string> _folders;
    private readonly HeldLocks? _locks;
    private readonly Action? _last;

    private EvidenceSnapshot(EvidenceCollector found, Dictionary<string, byte[]> notes, IReadOnlyList<string> folders, HeldLocks? locks, Action? last)
    {
        (_notes, _folders, _locks, _last) = (notes, folders, locks, last);
        _files = found.Files.ToDictionary(file => file.File.Path, StringComparer.Ordinal);
        LeftOut = found.LeftOut;
        Files =
        [
            .. found.Files.Select(file => file.File)
                .Concat(notes.Select(note => new SnapshotFile(note.Key, note.Value.Length, (UnixFileMode)0x180, false, null, ContentFormat.Opaque)))
                .OrderBy(file => file.Path, StringComparer.Ordinal),
        ];
        Instant = new InstantInfo("stopped", DateTimeOffset.UtcNow, TimeSpan.Zero, 0, 0, 0);
    }

    /// <inheritdoc/>
    public InstantInfo Instant { get; }

    /// <inheritdoc/>
    public IReadOnlyList<SnapshotFile> Files { get; }

    /// <summary>What it does not hold.</summary>
    public IReadOnlyList<LeftOut> LeftOut { get; }

    /// <summary>What the disk could not give, known when everything was read: zeroes stand for it.</summary>
    public IReadOnlyList<LeftOut> Unreadable =>
        [.. _unreadable.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => new LeftOut(one.Key, $"{one.Value} bytes of it cannot be read: zeroes stand for them"))];

    /// <summary>What a copy would hold, without holding the node. Reads only.</summary>
    public static EvidenceSnapshot Forecast(EvidenceRequest request, CancellationToken cancellationToken) => Take(request, null, null, cancellationToken);

    /// <summary>Lists everything, and from then on holds the node stopped until it is disposed.</summary>
    /// <param name="request">What.</param>
    /// <param name="last">Called right before the copy counts; it may refuse by throwing.</param>
    /// <param name="cancellationToken">Stops the listing.</param>
    /// <exception cref="SnapshotException"><see cref="SnapshotErrors.TargetRunning"/> or <see cref="SnapshotErrors.TargetForeignWriter"/>: the node is not stopped.</exception>
    public static EvidenceSnapshot Hold(EvidenceRequest request, Action? last, CancellationToken cancellationToken)
    {
        var folders = Folders(request.Layout);
        DemandStopped(folders);
        var locks = new HeldLocks(folders);
        try
        {
            return Take(request, locks, last, cancellationToken);
        }
        catch
        {
            locks.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public Stream Open(SnapshotFile file)
    {
        if (_notes.TryGetValue(file.Path, out var note))
        {
            return new MemoryStream(note, writable: false);
        }

        var evidence = _files[file.Path];
        if (file.Size == 0)
        {
            // A LOCK that is held here is not opened a second time.
            return new MemoryStream([], writable: false);
        }

        var handle = File.OpenHandle(evidence.Source, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (!FileStat.TryRead((int)handle.DangerousGetHandle(), out var now) || !evidence.IsSame(now))
        {
            handle.Dispose();
            throw Changed(evidence);
        }

        return new RescueStream(
            (buffer, at) => RandomAccess.Read(handle, buffer.Span, evidence.Offset + at), file.Size,
            (_, length) => _unreadable.AddOrUpdate(file.Path, length, (_, before) => before + length))
        { OnDispose = handle.Dispose };
    }

    /// <inheritdoc/>
    public void Release(SnapshotFile file)
    {
        // Nothing is staged: the files are the node's own.
    }

    /// <inheritdoc/>
    public void EnsureUnchanged()
    {
        foreach (var file in _files.Values)
        {
            if (!FileStat.TryRead(Posix.AtCurrentFolder, OpenFolder.Name(file.Source), out var now) || !file.IsSame(now))
            {
                throw Changed(file);
            }
        }

        // Databases that lock in another way than ours would have let a node start: then it shows here.
        DemandStopped(_folders);
        _last?.Invoke();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _locks?.Dispose();
        return ValueTask.CompletedTask;
    }

    private static EvidenceSnapshot Take(EvidenceRequest request, HeldLocks? locks, Action? last, CancellationToken cancellationToken)
    {
        var found = new EvidenceCollector(request.Layout);
        found.AddHome(cancellationToken);
        foreach (var log in request.Logs)
        {
            found.AddBeside("log", log, request.LargestLog);
        }

        foreach (var file in request.Beside)
        {
            found.AddBeside("beside", file, request.LargestLog);
        }

        var notes = request.Notes.ToDictionary(note => ManifestRoots.Evidence + note.Key, note => note.Value, StringComparer.Ordinal);
        notes[ManifestRoots.Evidence + "left-out.json"] = JsonSerializer.SerializeToUtf8Bytes(found.LeftOut, BackupJson.Options);
        return new EvidenceSnapshot(found, notes, Folders(request.Layout), locks, last);
    }

    private static IReadOnlyList<string> Folders(NodeLayout layout) =>
        SnapshotRoots.Resolved(layout, new[] { layout.DatabaseFolder, Path.GetDirectoryName(layout.WalFile)! }.Distinct(StringComparer.Ordinal).Where(root => Directory.Exists(Path.Combine(layout.Home, root))));

    private static void DemandStopped(IReadOnlyList<string> folders)
    {
        if (ProcessTable.Holders(ProcessTable.LockFiles(folders)).FirstOrDefault(holder => holder.Pid != Environment.ProcessId) is { } holder)
        {
            throw new SnapshotException(SnapshotErrors.TargetRunning, $"process {holder.Pid} holds the databases' LOCK: stop the node first; what is copied while it runs is no evidence of one instant");
        }

        if (ProcessTable.Writers(folders).Where(writer => writer.Process.Pid != Environment.ProcessId).Select(writer => ((int, string)?)(writer.Process.Pid, writer.Path)).FirstOrDefault() is var (pid, path))
        {
            throw new SnapshotException(SnapshotErrors.TargetForeignWriter, $"process {pid} has '{path}' open for writing: end it first");
        }
    }

    private static BackupException Changed(EvidenceFile file) =>
        new(BackupErrorCodes.SourceChanged, $"'{file.Source}' changed while the evidence was copied: somebody writes to the node's files. Nothing counts yet; the copy is made again");
}
