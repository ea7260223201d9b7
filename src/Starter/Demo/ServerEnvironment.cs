using VirtEngine.DR.Starter.Connection;
using VirtEngine.DR.Starter.Engine;

namespace VirtEngine.DR.Starter.Demo;

/// <summary>A chosen server as environment variables: no process list shows them.</summary>
internal static class ServerEnvironment
{
    /// <summary>The engine that lives in this folder: the child finds its note and its key.</summary>
    public static IReadOnlyDictionary<string, string> Of(EngineFolder engine) =>
        new Dictionary<string, string>(StringComparer.Ordinal) { ["VIRTENGINE_ENGINE"] = engine.Path, ["VIRTENGINE_EMBEDDED"] = "1" };

    public static IReadOnlyDictionary<string, string> Of(ServerAddress server)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["TEMPORAL_ADDRESS"] = server.Address,
            ["TEMPORAL_NAMESPACE"] = server.Namespace,
            ["TEMPORAL_TLS"] = server.Tls is null ? "false" : "true",
        };
        void Add(string name, string? value)
        {
            if (value is not null)
            {
                variables[name] = value;
            }
        }

        Add("TEMPORAL_API_KEY", server.ApiKey);
        Add("TEMPORAL_TLS_SERVER_CA_CERT_PATH", server.Tls?.Ca);
        Add("TEMPORAL_TLS_CLIENT_CERT_PATH", server.Tls?.Certificate);
        Add("TEMPORAL_TLS_CLIENT_KEY_PATH", server.Tls?.Key);
        Add("TEMPORAL_TLS_SERVER_NAME", server.Tls?.ServerName);
        return variables;
    }
}
