using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Starter.Errors;

namespace VirtEngine.DR.Starter.Connection;

/// <summary>The one place that chooses the Temporal server: flag, then environment, then estate. Each value is chosen by itself.</summary>
internal static class ServerChoice
{
    /// <summary>What to do when there is none.</summary>
    public const string HowTo =
        "No Temporal server is named. Name one by --address HOST:PORT, by TEMPORAL_ADDRESS, or in the estate (server: {address: HOST:PORT}). "
        + "For a trial: temporal server start-dev, then --address 127.0.0.1:7233; or virtengine-dr demo, which starts its own.";

    /// <summary>Chooses.</summary>
    /// <exception cref="CliException">None is named.</exception>
    public static ServerAddress Choose(ServerFlags flags, Func<string, string?> environment, ServerSpec? estate) =>
        TryChoose(flags, environment, estate) ?? throw new CliException(ErrorTable.ServerUnreachable, HowTo);

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
