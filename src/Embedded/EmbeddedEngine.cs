using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using VirtEngine.DR.Embedded.Host;
using VirtEngine.DR.Embedded.Store;

namespace VirtEngine.DR.Embedded;

/// <summary>A Temporal-compatible server in this process.</summary>
public sealed class EmbeddedEngine : IAsyncDisposable
{
    private const int LargestMessage = 128 * 1024 * 1024;
    private readonly WebApplication _web;
    private readonly EngineLoop _loop;

    private EmbeddedEngine(WebApplication web, EngineLoop loop, string targetHost, string? key, EngineOptions options)
    {
        AccessKey = key;
        _web = web;
        _loop = loop;
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
        string? key = Key(options);
        var loop = Open(options);
        try
        {
            var web = await ServeAsync(options, loop, key, cancellationToken).ConfigureAwait(false);
            return new EmbeddedEngine(web, loop, new Uri(web.Urls.First()).Authority, key, options);
        }
        catch
        {
            await loop.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _web.StopAsync(patience.Token).ConfigureAwait(false);
        await _web.DisposeAsync().ConfigureAwait(false);
        await _loop.DisposeAsync().ConfigureAwait(false);
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

    private static EngineLoop Open(EngineOptions options)
    {
        var store = EngineStore.Open(options.DataFile);
        try
        {
            var held = options.Time as VirtualTime;
            var state = new EngineState { Faults = new Faults(options.Faults), Held = () => held is { IsHeld: true } };
            var ids = new Ids(options.Faults?.Seed);
            StoreReader.Load(store, state);
            ids.Taken = id => state.Runs.ByRunId(id) is not null;
            var loop = new EngineLoop(state, store, new EngineClock(options.Time), ids, options.Logger ?? NullLogger.Instance);
            held?.OnRelease(() => loop.Post(_ => { }));
            loop.Start();
            loop.Post(turn =>
            {
                if (!turn.State.Namespaces.ContainsKey(options.DefaultNamespace))
                {
                    var ns = NamespaceHandlers.Make(options.DefaultNamespace, turn.Ids);
                    ns.Retention = options.Retention;
                    NamespaceHandlers.Save(turn, ns);
                }
            });
            return loop;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    private static async Task<WebApplication> ServeAsync(EngineOptions options, EngineLoop loop, string? key, CancellationToken cancellationToken)
    {
        var table = new RpcTable();
        Methods.Register(table, loop);
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
