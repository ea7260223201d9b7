using System.Globalization;

namespace VirtEngine.DR.Simulation.Node;

/// <summary>A persistent peer.</summary>
/// <param name="Id">Its node id.</param>
/// <param name="Host">Its host.</param>
/// <param name="Port">Its p2p port.</param>
public sealed record Peer(string Id, string Host, int Port)
{
    /// <summary>Reads <c>id@host:port,id@host:port</c>.</summary>
    /// <exception cref="InvalidDataException">An entry has another shape.</exception>
    public static IReadOnlyList<Peer> Parse(string text) =>
        [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(One)];

    /// <summary>The entry as <c>config.toml</c> has it.</summary>
    public override string ToString() => $"{Id}@{Host}:{Port}";

    private static Peer One(string entry)
    {
        var (at, colon) = (entry.IndexOf('@', StringComparison.Ordinal), entry.LastIndexOf(':'));
        return at > 0 && colon > at && int.TryParse(entry[(colon + 1)..], CultureInfo.InvariantCulture, out var port)
            ? new Peer(entry[..at], entry[(at + 1)..colon], port)
            : throw new InvalidDataException($"persistent_peers: '{entry}' must be id@host:port");
    }
}
