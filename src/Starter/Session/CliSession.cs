using System.Text.Json;
using Spectre.Console;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Estates;
using VirtEngine.DR.Starter.Connection;
using VirtEngine.DR.Starter.Engine;
using VirtEngine.DR.Starter.Errors;
using VirtEngine.DR.Starter.Runs;

namespace VirtEngine.DR.Starter.Session;

/// <summary>One invocation of the program.</summary>
internal sealed class CliSession(CliIo io, GlobalSettings settings) : IAsyncDisposable
{
    private static readonly JsonSerializerOptions Indented = new(DrDataConverter.JsonOptions)
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private IAnsiConsole? ansi;

    public CliIo Io { get; } = io;

    public GlobalSettings Settings { get; } = settings;

    /// <summary>The console of the output, made at its first use.</summary>
    public IAnsiConsole Ansi => ansi ??= Io.Ansi(Settings.Color);

    /// <summary>Whether questions may be asked and the view may redraw.</summary>
    public bool Interactive => Io.Interactive && !Settings.Json;

    /// <summary>Connects to the server that is chosen, and says on stderr which one it is and why.</summary>
    public async Task<RunClient> ConnectAsync(CancellationToken cancellationToken)
    {
        var choice = ServerChoice.Choose(Settings.Server, Io.Environment, EstateServer.Read(Settings.EstateFile))
            ?? await EmbeddedAsync(cancellationToken).ConfigureAwait(false);
        Say($"server: {choice.Describe()}");
        var client = await ServerConnector.ConnectAsync(choice, cancellationToken).ConfigureAwait(false);
        return new RunClient(client);
    }

    private async Task<ServerAddress> EmbeddedAsync(CancellationToken cancellationToken)
    {
        var folder = EngineFolder.Of(Io.Environment);
        var note = await EngineNote.FindAsync(folder, cancellationToken).ConfigureAwait(false)
            ?? throw new CliException(ErrorTable.ServerUnreachable, ServerChoice.HowTo + $" (Looked for an engine in {folder.Path}.)");
        return EngineHost.AddressOf(note, "embedded engine");
    }

    /// <summary>Whether the estate at hand is a simulated one; false without an estate.</summary>
    public bool EstateIsSimulated() => File.Exists(Settings.EstateFile) && Estate().Estate.Simulated;

    /// <summary>The estate; without one an error says how to get one.</summary>
    public LoadedEstate Estate()
    {
        RequireEstateFile();
        return EstateLoader.Load(Settings.EstateFile);
    }

    /// <summary>Says how to get an estate where there is none.</summary>
    public void RequireEstateFile()
    {
        if (!File.Exists(Settings.EstateFile))
        {
            throw new CliException(
                ErrorTypes.NotFound,
                $"There is no estate at {Path.GetFullPath(Settings.EstateFile)}. Name one by --estate or VIRTENGINE_ESTATE, or make one: virtengine-dr estate init");
        }
    }

    /// <summary>A remark for people that is no result.</summary>
    public void Say(string text) => Io.Error.WriteLine(text);

    /// <summary>A line of the result.</summary>
    public void Line(string text = "") => Io.Out.WriteLine(text);

    /// <summary>A result for scripts.</summary>
    public void Json<T>(T value) => Io.Out.WriteLine(JsonSerializer.Serialize(value, Indented));

    /// <summary>A failure: JSON on stderr for scripts, else two lines.</summary>
    public void Write(ExplainedError error)
    {
        if (Settings.Json)
        {
            Io.Error.WriteLine(JsonSerializer.Serialize(new { error }, DrDataConverter.JsonOptions));
            return;
        }

        Io.Error.WriteLine($"error: {error.Message}");
        if (error.Advice.Length > 0)
        {
            Io.Error.WriteLine($"  do: {error.Advice}");
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Io.Out.FlushAsync().ConfigureAwait(false);
        await Io.Error.FlushAsync().ConfigureAwait(false);
    }
}
