using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Temporalio.Runtime;

namespace VirtEngine.DR.Worker.Telemetry;

/// <summary>Hands the SDK's metrics to .NET's, so that they stand in the same <c>/metrics</c>.</summary>
internal sealed class SdkMetrics : ICustomMetricMeter, IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Temporal.Sdk";

    private readonly Meter _meter = new(MeterName);

    /// <inheritdoc/>
    public ICustomMetricCounter<T> CreateCounter<T>(string name, string? unit, string? description)
        where T : struct => new CounterOf<T>(_meter.CreateCounter<T>(name, unit, description));

    /// <inheritdoc/>
    public ICustomMetricHistogram<T> CreateHistogram<T>(string name, string? unit, string? description)
        where T : struct => new HistogramOf<T>(_meter.CreateHistogram<T>(name, unit, description));

    /// <inheritdoc/>
    public ICustomMetricGauge<T> CreateGauge<T>(string name, string? unit, string? description)
        where T : struct => new GaugeOf<T>(_meter.CreateGauge<T>(name, unit, description));

    /// <inheritdoc/>
    public object CreateTags(object? appendFrom, IReadOnlyCollection<KeyValuePair<string, object>> tags)
    {
        var all = appendFrom is TagList before ? before : default;
        foreach (var (name, value) in tags)
        {
            all.Add(name, value);
        }

        return all;
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private static TagList Tags(object? tags) => tags is TagList list ? list : default;

    private sealed class CounterOf<T>(Counter<T> counter) : ICustomMetricCounter<T>
        where T : struct
    {
        public void Add(T value, object tags) => counter.Add(value, Tags(tags));
    }

    private sealed class HistogramOf<T>(Histogram<T> histogram) : ICustomMetricHistogram<T>
        where T : struct
    {
        public void Record(T value, object tags) => histogram.Record(value, Tags(tags));
    }

    private sealed class GaugeOf<T>(Gauge<T> gauge) : ICustomMetricGauge<T>
        where T : struct
    {
#pragma warning disable CA1725 // The interface calls it value too; analyzers of some versions disagree about gauges.
        public void Set(T value, object tags) => gauge.Record(value, Tags(tags));
#pragma warning restore CA1725
    }
}
