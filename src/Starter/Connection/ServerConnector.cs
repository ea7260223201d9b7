using Temporalio.Client;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Starter.Errors;

namespace VirtEngine.DR.Starter.Connection;

/// <summary>Connects to the chosen server.</summary>
internal static class ServerConnector
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>Connects; a server that does not answer within ten seconds is an error that names it.</summary>
    public static async Task<ITemporalClient> ConnectAsync(ServerAddress server, CancellationToken cancellationToken)
    {
        var options = await OptionsAsync(server, cancellationToken).ConfigureAwait(false);
        try
        {
            return await TemporalClient.ConnectAsync(options).WaitAsync(Limit, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is InvalidOperationException or TimeoutException or ArgumentException)
        {
            throw new CliException(
                ErrorTable.ServerUnreachable, $"The Temporal server {server.Describe()} does not answer: {exception.Message}", exception);
        }
    }

    /// <summary>The SDK's options for the server.</summary>
    public static async Task<TemporalClientConnectOptions> OptionsAsync(ServerAddress server, CancellationToken cancellationToken)
    {
        var options = new TemporalClientConnectOptions(server.Address)
        {
            Namespace = server.Namespace,
            DataConverter = DrDataConverter.Instance,
            ApiKey = server.ApiKey,
            RpcMetadata = server.AccessKey is { } key ? [new("authorization", "Bearer " + key)] : [],
        };
        if (server.Tls is { } tls)
        {
            options.Tls = new TlsOptions
            {
                ServerRootCACert = await ReadAsync(tls.Ca, cancellationToken).ConfigureAwait(false),
                ClientCert = await ReadAsync(tls.Certificate, cancellationToken).ConfigureAwait(false),
                ClientPrivateKey = await ReadAsync(tls.Key, cancellationToken).ConfigureAwait(false),
                Domain = tls.ServerName,
            };
        }

        return options;
    }

    private static async Task<byte[]?> ReadAsync(string? file, CancellationToken cancellationToken)
    {
        try
        {
            return file is null ? null : await File.ReadAllBytesAsync(file, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ErrorTypes.InvalidInput, $"The TLS file {file} cannot be read: {exception.Message}", exception);
        }
    }
}
