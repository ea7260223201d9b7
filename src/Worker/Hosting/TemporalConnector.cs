using Microsoft.Extensions.Logging;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.OperatorService.V1;
using Temporalio.Client;
using Temporalio.Common;
using Temporalio.Runtime;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Worker.Telemetry;

namespace VirtEngine.DR.Worker.Hosting;

/// <summary>Connects to the server and registers the search attributes that runs set.</summary>
internal static class TemporalConnector
{
    /// <summary>Connects; the exception of a server that is not there goes to the caller, who tries again.</summary>
    public static Task<TemporalClient> ConnectAsync(WorkerOptions options, TemporalRuntime runtime, ILoggerFactory logs) =>
        TemporalClient.ConnectAsync(new TemporalClientConnectOptions(options.Address)
        {
            Namespace = options.Namespace,
            DataConverter = DrDataConverter.Instance,
            Runtime = runtime,
            LoggerFactory = logs,
            ApiKey = options.ApiKey,
            RpcMetadata = options.AccessKey is { } key ? [new("authorization", "Bearer " + key)] : [],
            Tls = options.Tls ? Tls(options) : null,
            Interceptors = [new TracingInterceptor()],
            Identity = $"virtengine-dr@{Environment.MachineName}/{Environment.ProcessId}",
        });

    /// <summary>Registers what is missing. Doing it twice, or in two workers at once, is fine: a run that sets an unregistered one would hang.</summary>
    public static async Task RegisterSearchAttributesAsync(TemporalClient client, string ns, CancellationToken cancellationToken)
    {
        var rpc = new RpcOptions { CancellationToken = cancellationToken };
        var known = await client.Connection.OperatorService.ListSearchAttributesAsync(new ListSearchAttributesRequest { Namespace = ns }, rpc).ConfigureAwait(false);
        var wanted = SearchAttributeNames.All.ToDictionary(key => key.Name, key => key.ValueType, StringComparer.Ordinal);
        var wrong = wanted.Where(one => known.CustomAttributes.TryGetValue(one.Key, out var type) && type != one.Value).ToArray();
        if (wrong.Length > 0)
        {
            throw new InvalidOperationException(
                "the namespace has search attributes of other types: " + string.Join("; ", wrong.Select(one => $"{one.Key} is {known.CustomAttributes[one.Key]}, needed is {one.Value}"))
                + "; remove them (temporal operator search-attribute remove) or use another namespace");
        }

        var request = new AddSearchAttributesRequest { Namespace = ns };
        foreach (var (name, type) in wanted.Where(one => !known.CustomAttributes.ContainsKey(one.Key)))
        {
            request.SearchAttributes.Add(name, type);
        }

        if (request.SearchAttributes.Count == 0)
        {
            return;
        }

        try
        {
            await client.Connection.OperatorService.AddSearchAttributesAsync(request, rpc).ConfigureAwait(false);
        }
        catch (Temporalio.Exceptions.RpcException e) when (e.Code == Temporalio.Exceptions.RpcException.StatusCode.AlreadyExists)
        {
            // Another worker was faster with the same ones.
        }
    }

    private static TlsOptions Tls(WorkerOptions options) => new()
    {
        ServerRootCACert = options.TlsRootCaFile is { } root ? File.ReadAllBytes(root) : null,
        ClientCert = options.TlsCertFile is { } certificate ? File.ReadAllBytes(certificate) : null,
        ClientPrivateKey = options.TlsKeyFile is { } key ? File.ReadAllBytes(key) : null,
        Domain = options.TlsServerName,
    };
}
