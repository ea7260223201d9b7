using System.Diagnostics;
using System.Text;
using Google.Protobuf;
using Temporalio.Api.Common.V1;

namespace VirtEngine.DR.Worker.Telemetry;

/// <summary>Carries a trace from the client through the workflow to its activities, in the header <c>traceparent</c>.</summary>
internal static class Tracing
{
    /// <summary>The source's name.</summary>
    public const string SourceName = "VirtEngine.DR";

    private const string Header = "traceparent";

    /// <summary>The source of all spans.</summary>
    public static ActivitySource Source { get; } = new(SourceName);

    /// <summary>The headers with the running span added; those that came in stay.</summary>
    public static Dictionary<string, Payload> Inject(IEnumerable<KeyValuePair<string, Payload>>? headers, string? traceParent)
    {
        var all = headers is null ? new Dictionary<string, Payload>(StringComparer.Ordinal) : new Dictionary<string, Payload>(headers, StringComparer.Ordinal);
        if (traceParent is not null)
        {
            all[Header] = new Payload { Data = ByteString.CopyFromUtf8(traceParent) };
        }

        return all;
    }

    /// <summary>The span that a header names; null where there is none.</summary>
    public static string? Extract(IReadOnlyDictionary<string, Payload>? headers) =>
        headers is not null && headers.TryGetValue(Header, out var payload) ? Encoding.UTF8.GetString(payload.Data.Span) : null;
}
