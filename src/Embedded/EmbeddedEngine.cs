using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using VirtEngine.DR.Embedded.Host;

namespace VirtEngine.DR.Embedded;

/// <summary>A Temporal-compatible server in this process.</summary>
public sealed class EmbeddedEngine : IAsyncDisposable
{
    private const int LargestMessage = 128 * 1024 * 1024;
    private readonly WebApplication _web;
    private readonly LoopSlot _slot;

    private EmbeddedEngine(WebApplication web, LoopSlot slot, string targetHost, string? key, EngineOptions options)
    {
        AccessKey = key;
        _web = web;
        _slot = slot;
        TargetHost = targetHost;
        DataFile = options.DataFile;
    }

    /// <summary>Where clients connect: "127.0.0.1:PORT".</summary>
    public string TargetHost { get; }

    /// <summary>What clients send as metadata <c>authorization: Bearer KEY</c>; null when access is open.</summary>
    public string? AccessKey { get; }

    /// <summary>How many workflow tasks were given out; counted under a <see cref="FaultPlan"/> only.</summary>
    public int WorkflowTasksGiven => _slot.Faults.WorkflowTasks;

    /// <summary>How often a <see cref="FaultPlan"/> made it die and start again from its file.</summary>
    public int Restarts => _slot.Restarts;

    /// <summary>The file that holds everything; null when in memory.</summary>
    public string? DataFile { get; }

    /// <summary>Starts the engine and returns when it answers.</summary>
    public static async Task<EmbeddedEngine> StartAsync(EngineOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        string? key = Key(options);
        var time = options.Time as VirtualTime;
        var faults = new Faults(options.Faults, time);
        var slot = new LoopSlot(faults, () => EngineOpening.Open(options, faults, time));
        try
        {
            var web = await ServeAsync(options, slot, key, cancellationToken).ConfigureAwait(false);
            return new EmbeddedEngine(web, slot, new Uri(web.Urls.First()).Authority, key, options);
        }
        catch
        {
            await slot.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _web.StopAsync(patience.Token).ConfigureAwait(false);
        await _web.DisposeAsync().ConfigureAwait(false);
        await _slot.DisposeAsync().ConfigureAwait(false);
    }

    private static string? Key(EngineOptions options)
    {
        if (!options.RequireKey)
        {
            return null;
        }

        string file = options.KeyFile ?? (options.DataFile is { } data ? data + ".key"
            : throw new ArgumentException("RequireKey needs KeyFile, or a DataFile to put the key beside", nameof(options)));
        return Host.AccessKey.ReadOrMake(file);
    }

    private static async Task<WebApplication> ServeAsync(EngineOptions options, LoopSlot slot, string? key, CancellationToken cancellationToken)
    {
        var table = new RpcTable();
        Methods.Register(table, slot);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            // A client sends everything over one connection, long polls included: the usual 100 streams would stall it.
            kestrel.Limits.Http2.MaxStreamsPerConnection = 100_000;

            // Behind somebody's TLS requests say "https", though they arrive in plain.
            kestrel.AllowAlternateSchemes = true;
            kestrel.Listen(System.Net.IPAddress.Loopback, options.Port, listen => listen.Protocols = HttpProtocols.Http2);
        });
        builder.Services.AddSingleton(table);
        builder.Services.AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = LargestMessage;
            grpc.MaxSendMessageSize = null;
            if (key is not null)
            {
                grpc.Interceptors.Add<AccessInterceptor>(key);
            }
        });
        builder.Services.AddSingleton<Grpc.AspNetCore.Server.Model.IServiceMethodProvider<ApiEndpoint>, ServiceMethods>();
        var web = builder.Build();
        web.UseRouting();
        web.MapGrpcService<ApiEndpoint>();
        await web.StartAsync(cancellationToken).ConfigureAwait(false);
        return web;
    }
}
