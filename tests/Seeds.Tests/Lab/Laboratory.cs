using Temporalio.Client;
using Temporalio.Runtime;

namespace VirtEngine.DR.Seeds.Tests.Lab;

/// <summary>What all seeds share: the SDK's runtime, which says only what is broken.</summary>
public static class Laboratory
{
    private static readonly TemporalRuntime Runtime = new(new TemporalRuntimeOptions
    {
        Telemetry = new() { Logging = new() { Filter = new TelemetryFilterOptions(TelemetryFilterOptions.Level.Error, TelemetryFilterOptions.Level.Error) } },
    });

    /// <summary>A client.</summary>
    public static Task<TemporalClient> ConnectAsync(string address) => TemporalClient.ConnectAsync(new TemporalClientConnectOptions(address)
    {
        DataConverter = Contracts.DrDataConverter.Instance,
        Runtime = Runtime,
        Identity = "laboratory",
    });
}
