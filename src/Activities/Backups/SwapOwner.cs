namespace VirtEngine.DR.Activities.Backups;

/// <summary>
/// The run that a swap's journal belongs to, written before the swap begins: a journal that another run left says nothing about this
/// run, even for the same backup, for the data that it put in place may be what has to be replaced now.
/// </summary>
/// <param name="Digest">The manifest's digest.</param>
/// <param name="FirstRunId">The run.</param>
internal sealed record SwapOwner(string Digest, string FirstRunId);
