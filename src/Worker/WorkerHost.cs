using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using VirtEngine.DR.Worker.Hosting;
using VirtEngine.DR.Worker.Telemetry;

namespace VirtEngine.DR.Worker;

/// <summary>A worker process: pollers for its roles, <c>/health</c> and <c>/metrics</c>.</summary>
public sealed class WorkerHost : IHost, IAsyncDisposable
{
    private readonly WebApplication _app;

    private WorkerHost(WebApplication app) => _app = app;

    /// <inheritdoc/>
    public IServiceProvider Services => _app.Services;

    /// <summary>Where <c>/health</c> and <c>/metrics</c> are, once started.</summary>
    public Uri HealthUrl => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>How the worker is.</summary>
    public WorkerHealth Health => _app.Services.GetRequiredService<WorkerHealth>();

    /// <summary>Completes when the worker refuses to poll, with why; another version has to be started then.</summary>
    public Task<OpenRunsException> Refused => _app.Services.GetRequiredService<WorkerRefusal>().Refused;

    /// <summary>Makes a worker; nothing is started yet.</summary>
    /// <param name="options">What it is.</param>
    /// <param name="logging">How it logs; null writes to the console.</param>
    /// <exception cref="WorkerOptionsException">The options or the estate have mistakes; all are named.</exception>
    public static WorkerHost Create(WorkerOptions options, Action<ILoggingBuilder>? logging = null)
    {
        var estate = WorkerOptionsValidator.Validate(options);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        (logging ?? (log => log.AddSimpleConsole(console => console.SingleLine = true).AddFilter("Microsoft.AspNetCore", LogLevel.Warning)))(builder.Logging);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Parse(options.HealthHost), options.HealthPort);
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.GracefulShutdown + TimeSpan.FromSeconds(10));
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(estate);
        builder.Services.AddSingleton<WorkerHealth>();
        builder.Services.AddSingleton<WorkerRefusal>();
        builder.Services.AddSingleton<SdkMetrics>();
        builder.Services.AddSingleton<ActivitySet>();
        builder.Services.AddHostedService<StartupThaw>();
        builder.Services.AddHostedService<SignerWatchService>();
        builder.Services.AddHostedService<TemporalPollers>();
        AddTelemetry(builder, options);
        var app = builder.Build();
        app.MapGet("/health", (WorkerHealth health) => health.Ready
            ? Microsoft.AspNetCore.Http.Results.Json(health.Report())
            : Microsoft.AspNetCore.Http.Results.Json(health.Report(), statusCode: 503));
        app.MapPrometheusScrapingEndpoint("/metrics");
        return new WorkerHost(app);
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken = default) => _app.StartAsync(cancellationToken);

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken = default) => _app.StopAsync(cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => ((IHost)_app).Dispose();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static void AddTelemetry(WebApplicationBuilder builder, WorkerOptions options)
    {
        var telemetry = builder.Services.AddOpenTelemetry();
        telemetry.WithMetrics(metrics => metrics.AddMeter(WorkerMetrics.MeterName, SdkMetrics.MeterName).AddPrometheusExporter());
        telemetry.WithTracing(tracing =>
        {
            tracing.AddSource(Tracing.SourceName);
            if (options.OtlpEndpoint is { } endpoint)
            {
                tracing.AddOtlpExporter(otlp => otlp.Endpoint = endpoint);
            }
        });
    }
}
