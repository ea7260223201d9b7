using VirtEngine.DR.Contracts;
using VirtEngine.DR.Embedded;
using VirtEngine.DR.Starter.Connection;
using VirtEngine.DR.Starter.Errors;

namespace VirtEngine.DR.Starter.Engine;

/// <summary>The engine of this machine: found where another process runs it, else started in this one.</summary>
internal sealed class EngineHost : IAsyncDisposable
{
    private static readonly TimeSpan OtherStartsWithin = TimeSpan.FromSeconds(15);
    private readonly EngineFolder folder;
    private readonly EngineNote note;
    private readonly EmbeddedEngine? engine;

    private EngineHost(EngineFolder folder, EngineNote note, EmbeddedEngine? engine)
    {
        (this.folder, this.note, this.engine) = (folder, note, engine);
        Address = AddressOf(note, engine is null ? "embedded engine" : "embedded engine of this process");
    }

    /// <summary>Where it is, and the key.</summary>
    public ServerAddress Address { get; }

    /// <summary>It runs in this process, and ends with it.</summary>
    public bool Own => engine is not null;

    /// <summary>Finds the engine that runs, or starts one.</summary>
    /// <exception cref="CliException">Its file cannot be used; the message says why and what to do.</exception>
    public static async Task<EngineHost> FindOrStartAsync(EngineFolder folder, int port, CancellationToken cancellationToken)
    {
        if (await EngineNote.FindAsync(folder, cancellationToken).ConfigureAwait(false) is { } running)
        {
            return new EngineHost(folder, running, null);
        }

        try
        {
            return await StartAsync(folder, port, cancellationToken).ConfigureAwait(false);
        }
        catch (CliException refused) when (refused.InnerException is EngineFileException)
        {
            // Two processes at once: one has the file, and its note is about to be there.
            if (await OthersAsync(folder, cancellationToken).ConfigureAwait(false) is { } other)
            {
                return new EngineHost(folder, other, null);
            }

            throw;
        }
    }

    /// <summary>Starts one in this process.</summary>
    public static async Task<EngineHost> StartAsync(EngineFolder folder, int port, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var engine = await OpenAsync(folder, port, cancellationToken).ConfigureAwait(false);
        var note = new EngineNote(engine.TargetHost, Environment.ProcessId, folder.KeyFile, folder.DataFile, DateTimeOffset.UtcNow);
        note.Write(folder);
        return new EngineHost(folder, note, engine);
    }

    /// <summary>The address of an engine that another process runs.</summary>
    public static ServerAddress AddressOf(EngineNote note, string source)
    {
        try
        {
            return new ServerAddress(note.Address, Names.Namespace, null, null, $"{source}, file {note.DataFile}") { AccessKey = note.Key() };
        }
        catch (Exception refused) when (refused is UnauthorizedAccessException or IOException)
        {
            throw new CliException(
                ErrorTable.ServerUnreachable, $"The embedded engine at {note.Address} wants the key in {note.KeyFile}, and this user cannot read it: {refused.Message}", refused);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (engine is not null)
        {
            note.Remove(folder);
            await engine.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static async Task<EmbeddedEngine> OpenAsync(EngineFolder folder, int port, CancellationToken cancellationToken)
    {
        var options = new EngineOptions { DataFile = folder.DataFile, KeyFile = folder.KeyFile, RequireKey = true, DefaultNamespace = Names.Namespace, Port = port };

        // The former port where nobody names one: workers that are connected to it find it again after a crash.
        var former = port == 0 && EngineNote.Read(folder)?.Address.Split(':') is [_, var last] && int.TryParse(last, out var number) ? number : port;
        try
        {
            try
            {
                return await EmbeddedEngine.StartAsync(options with { Port = former }, cancellationToken).ConfigureAwait(false);
            }
            catch (IOException taken) when (former != port && taken is not EngineFileException)
            {
                return await EmbeddedEngine.StartAsync(options, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (EngineFileException refused)
        {
            throw new CliException(ErrorTable.EngineFile, refused.Message, refused);
        }
        catch (IOException taken)
        {
            throw new CliException(ErrorTable.ServerUnreachable, $"The embedded engine cannot listen on 127.0.0.1:{port}: {taken.Message}", taken);
        }
    }

    private static async Task<EngineNote?> OthersAsync(EngineFolder folder, CancellationToken cancellationToken)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        var until = DateTimeOffset.UtcNow + OtherStartsWithin;
        do
        {
            if (await EngineNote.FindAsync(folder, cancellationToken).ConfigureAwait(false) is { } note)
            {
                return note;
            }
        }
        while (DateTimeOffset.UtcNow < until && await pace.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false));
        return null;
    }
}
