using System.Globalization;
using System.Net.Sockets;
using VirtEngine.DR.Activities.Backups.Proving;

namespace VirtEngine.DR.Activities.Nodes;

/// <summary>
/// Calls a node's persistent peers from its own host. A CometBFT peer speaks first: the first bytes of its handshake arrive before it has heard anything, so a
/// network that takes the call and carries nothing shows too. Only for a node that is in trouble, because each call leaves a line in the peer's log.
/// </summary>
internal static class PeerDial
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    /// <summary>Why none of the peers that the node's configuration names is reached; null where one of them is, and where none is named.</summary>
    /// <exception cref="IOException">The configuration cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is no TOML.</exception>
    public static async Task<string?> NoneReachedAsync(NodeHome home, CancellationToken cancellationToken)
    {
        var file = Path.Combine(home.Path, "config", "config.toml");
        var peers = Peers(await File.ReadAllTextAsync(file, cancellationToken).ConfigureAwait(false), file);
        if (peers.Count == 0)
        {
            return null;
        }

        var answers = await Task.WhenAll(peers.Select(peer => DialAsync(peer.Host, peer.Port, cancellationToken))).ConfigureAwait(false);
        return Array.Exists(answers, answer => answer is null)
            ? null
            : $"none of its {peers.Count} persistent peers is reached from its host: {string.Join(", ", peers.Zip(answers, (peer, answer) => $"{peer.Host}:{peer.Port.ToString(CultureInfo.InvariantCulture)} {answer}"))}";
    }

    /// <summary>The peers that a <c>config.toml</c> names (<c>id@host:port</c>, comma separated); what is no address is left out: the node would not call it either.</summary>
    internal static IReadOnlyList<(string Host, int Port)> Peers(string text, string file)
    {
        const string Key = "p2p.persistent_peers";
        if (!TomlFile.Read(text, [Key], file).TryGetValue(Key, out var value))
        {
            return [];
        }

        return
        [
            .. value.Trim('"', '\'').Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(peer => Uri.TryCreate("tcp://" + peer[(peer.IndexOf('@', StringComparison.Ordinal) + 1)..], UriKind.Absolute, out var url) && url.Port > 0 ? (url.Host, url.Port) : default)
                .Where(peer => peer.Host is { Length: > 0 }),
        ];
    }

    /// <summary>Null when somebody speaks there; else what happened.</summary>
    private static async Task<string?> DialAsync(string host, int port, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(host, port, patience.Token).ConfigureAwait(false);
            var first = new byte[1];
            return await client.GetStream().ReadAsync(first, patience.Token).ConfigureAwait(false) > 0 ? null : "hangs up";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return client.Connected ? "takes the call and says nothing" : "does not answer";
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return (e as SocketException ?? e.InnerException as SocketException)?.SocketErrorCode switch
            {
                SocketError.ConnectionRefused => "refuses",
                SocketError.ConnectionReset => "hangs up",
                SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData => "has no address",
                _ => "does not answer",
            };
        }
    }
}
