using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Starter.Errors;

namespace VirtEngine.DR.Starter.Connection;

/// <summary>The one place that chooses the server: flag, then environment, then estate, else the embedded engine. Each value is chosen by itself.</summary>
internal static class ServerChoice
{
    /// <summary>What to do when there is none.</summary>
    public const string HowTo =
        "No server is named and no embedded engine runs on this machine. Start one with its worker: virtengine-dr worker --role control (and --role node --node NAME "
        + "on a node's host); or name a Temporal server by --address HOST:PORT, by TEMPORAL_ADDRESS, or in the estate (server: {address: HOST:PORT}).";

    /// <summary>The server that is named, or null: the embedded engine is meant.</summary>
    /// <exception cref="CliException">Two are named, or none is and the estate has more than one node: then the embedded engine must be meant in words.</exception>
    public static ServerAddress? Choose(ServerFlags flags, Func<string, string?> environment, EstateServer estate)
    {
        if (flags.Embedded)
        {
            return flags.Address is null ? null : throw new CliException(ErrorTypes.InvalidInput, $"--embedded and --address {flags.Address} name two servers; leave one out.");
        }

        return TryChoose(flags, environment, estate.Server) ?? (estate.Nodes <= 1 ? null : throw new CliException(
            ErrorTypes.InvalidInput,
            $"The estate has {estate.Nodes} nodes and names no Temporal server. Name one by --address HOST:PORT, by TEMPORAL_ADDRESS, or in the estate (server: {{address: HOST:PORT}}); "
            + "or say --embedded (VIRTENGINE_EMBEDDED=1) when this one machine shall run everything by itself: it ends with this machine."));
    }

    /// <summary>Chooses, or null when none is named.</summary>
    public static ServerAddress? TryChoose(ServerFlags flags, Func<string, string?> environment, ServerSpec? estate)
    {
        var (address, source) = flags.Address is { } flag ? (flag, "--address")
            : environment("TEMPORAL_ADDRESS") is { } variable ? (variable, "TEMPORAL_ADDRESS")
            : estate is not null ? (estate.Address, "the estate")
            : (null, "");
        if (address is null)
        {
            return null;
        }

        // What the estate says belongs to the estate's server only: its TLS must not be forced on another one.
        var fromEstate = source == "the estate" ? estate : null;
        var apiKey = flags.ApiKey ?? environment("TEMPORAL_API_KEY");
        var files = new ServerTls(
            flags.TlsCa ?? environment("TEMPORAL_TLS_SERVER_CA_CERT_PATH"),
            flags.TlsCert ?? environment("TEMPORAL_TLS_CLIENT_CERT_PATH"),
            flags.TlsKey ?? environment("TEMPORAL_TLS_CLIENT_KEY_PATH"),
            flags.TlsServerName ?? environment("TEMPORAL_TLS_SERVER_NAME"));
        var tls = flags.Tls || apiKey is not null || files != new ServerTls(null, null, null, null)
            || (IsTrue(environment("TEMPORAL_TLS")) ?? fromEstate?.Tls ?? false);
        return new ServerAddress(
            address,
            flags.Namespace ?? environment("TEMPORAL_NAMESPACE") ?? fromEstate?.Namespace ?? Names.Namespace,
            tls ? files : null,
            apiKey,
            source);
    }

    private static bool? IsTrue(string? value) => value?.ToUpperInvariant() switch
    {
        null => null,
        "1" or "TRUE" or "YES" or "ON" => true,
        "0" or "FALSE" or "NO" or "OFF" => false,
        _ => throw new CliException(ErrorTypes.InvalidInput, $"TEMPORAL_TLS is '{value}'; allowed are true and false."),
    };
}
