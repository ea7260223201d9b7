using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using VirtEngine.DR.Contracts;

namespace VirtEngine.DR.Starter.Engine;

/// <summary>What a running engine leaves beside its file, so that this machine's programs find it by themselves.</summary>
/// <param name="Address">host:port.</param>
/// <param name="Pid">The process that runs it.</param>
/// <param name="KeyFile">The key that callers show.</param>
/// <param name="DataFile">Its file.</param>
/// <param name="Since">When it started.</param>
internal sealed record EngineNote(string Address, int Pid, string KeyFile, string DataFile, DateTimeOffset Since)
{
    /// <summary>The note of an engine that answers; null when there is none, or when it was left behind by a crash.</summary>
    public static async Task<EngineNote?> FindAsync(EngineFolder folder, CancellationToken cancellationToken) =>
        Read(folder) is { } note && await AnswersAsync(note, cancellationToken).ConfigureAwait(false) ? note : null;

    /// <summary>The note as it lies there, whether or not its engine still runs.</summary>
    public static EngineNote? Read(EngineFolder folder)
    {
        try
        {
            return JsonSerializer.Deserialize<EngineNote>(File.ReadAllText(folder.NoteFile), DrDataConverter.JsonOptions);
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Writes it whole or not at all.</summary>
    public void Write(EngineFolder folder)
    {
        var temporary = $"{folder.NoteFile}.{Pid}";
        File.WriteAllText(temporary, JsonSerializer.Serialize(this, DrDataConverter.JsonOptions));
        File.Move(temporary, folder.NoteFile, overwrite: true);
    }

    /// <summary>Removes it, unless another engine's lies there by now.</summary>
    public void Remove(EngineFolder folder)
    {
        if (Read(folder) == this)
        {
            File.Delete(folder.NoteFile);
        }
    }

    /// <summary>The key; read at each use, for it may be replaced.</summary>
    public string Key() => File.ReadAllText(KeyFile).Trim();

    private static async Task<bool> AnswersAsync(EngineNote note, CancellationToken cancellationToken)
    {
        if (!Directory.Exists($"/proc/{note.Pid}"))
        {
            return false;
        }

        using var socket = new TcpClient();
        try
        {
            await socket.ConnectAsync(IPEndPoint.Parse(note.Address), cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
