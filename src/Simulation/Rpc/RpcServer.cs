using System.Buffers;
using System.Globalization;
using System.Text.Json;
using VirtEngine.DR.Simulation.Http;
using VirtEngine.DR.Simulation.Node;

namespace VirtEngine.DR.Simulation.Rpc;

/// <summary>CometBFT's RPC over GET and POST: the envelope, 64-bit numbers as strings, hashes in upper-case hex, keys in base64.</summary>
/// <param name="node">The node.</param>
internal sealed class RpcServer(FullNode node)
{
    private readonly RpcMethods methods = new(node);

    public Task<HttpReply> HandleAsync(HttpCall call, CancellationToken cancellationToken) => Task.FromResult(Handle(call));

    private HttpReply Handle(HttpCall call)
    {
        if (call.Method == "POST")
        {
            using var request = Parse(call.Body);
            if (request is null || !request.RootElement.TryGetProperty("method", out var method))
            {
                return Reply(500, -1, null, new RpcError(-32700, "Parse error. Invalid JSON", "no JSON-RPC request"));
            }

            var id = request.RootElement.TryGetProperty("id", out var given) && given.TryGetInt64(out var number) ? number : -1;
            return Answer(method.GetString() ?? "", Parameters(request.RootElement), id);
        }

        return Answer(call.Path.Trim('/'), call.Query, -1);
    }

    private static JsonDocument? Parse(byte[] body)
    {
        try
        {
            return JsonDocument.Parse(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Dictionary<string, string> Parameters(JsonElement request)
    {
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        if (request.TryGetProperty("params", out var given) && given.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in given.EnumerateObject())
            {
                parameters[property.Name] = property.Value.ToString();
            }
        }

        return parameters;
    }

    private HttpReply Answer(string method, IReadOnlyDictionary<string, string> parameters, long id)
    {
        try
        {
            return methods.Find(method) is { } write
                ? Reply(200, id, json => write(json, parameters), null)
                : Reply(404, id, null, new RpcError(-32601, "Method not found", $"there is no method '{method}'"));
        }
        catch (RpcError error)
        {
            return Reply(500, id, null, error);
        }
    }

    private static HttpReply Reply(int status, long id, Action<Utf8JsonWriter>? result, RpcError? error)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("jsonrpc", "2.0");
            json.WriteNumber("id", id);
            if (result is not null)
            {
                json.WritePropertyName("result");
                result(json);
            }

            if (error is not null)
            {
                json.WriteStartObject("error");
                json.WriteNumber("code", error.Code);
                json.WriteString("message", error.Short);
                json.WriteString("data", error.Message);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        return new HttpReply(status, body.WrittenSpan.ToArray());
    }

    /// <summary>A 64-bit number as CometBFT writes it.</summary>
    internal static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
