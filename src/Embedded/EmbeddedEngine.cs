using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using VirtEngine.DR.Embedded.Host;

namespace VirtEngine.DR.Embedded;

/// <summary>A Temporal-compatible server in this process.</summary>
public sealed class EmbeddedEngine : IAsyncDisposable
{
    private readonly WebApplication _web;

    private EmbeddedEngine(WebApplication web, string targetHost, EngineOptions options)
    {
        _web = web;
        TargetHost = targetHost;
        DataFile = options.DataFile;
    }

    /// <summary>Where clients connect: "127.0.0.1:PORT".</summary>
    public string TargetHost { get; }

    /// <summary>What clients send as metadata <c>authorization: Bearer KEY</c>; null when access is open.</summary>
    public string? AccessKey { get; }

    /// <summary>The file that holds everything; null when in memory.</summary>
    public string? DataFile { get; }

    /// <summary>Starts the engine and returns when it answers.</summary>
    public static async Task<EmbeddedEngine> StartAsync(EngineOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var table = new RpcTable();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            // A client sends everything over one connection, long polls included: the usual 100 streams would stall it.
            kestrel.Limits.Http2.MaxStreamsPerConnection = 100_000;
            kestrel.Listen(System.Net.IPAddress.Loopback, options.Port, listen => listen.Protocols = HttpProtocols.Http2);
        });
        builder.Services.AddSingleton(table);
        builder.Services.AddGrpc(grpc => grpc.MaxReceiveMessageSize = 128 * 1024 * 1024);
        builder.Services.AddSingleton<Grpc.AspNetCore.Server.Model.IServiceMethodProvider<ApiEndpoint>, ServiceMethods>();
        var web = builder.Build();
        web.UseRouting();
        web.MapGrpcService<ApiEndpoint>();
        await web.StartAsync(cancellationToken).ConfigureAwait(false);
        return new EmbeddedEngine(web, new Uri(web.Urls.First()).Authority, options);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _web.StopAsync().ConfigureAwait(false);
        await _web.DisposeAsync().ConfigureAwait(false);
    }
}
