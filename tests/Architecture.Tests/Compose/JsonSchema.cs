using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace VirtEngine.DR.Architecture.Tests.Compose;

/// <summary>Checks a document against the part of JSON schema that the Compose Specification uses. A keyword it does not know is an error, not a pass.</summary>
internal sealed class JsonSchema(JsonObject root)
{
    /// <summary>Keywords that describe and check nothing; a format's meaning is the reading program's business.</summary>
    private static readonly string[] Silent = ["$schema", "id", "title", "description", "definitions", "format"];

    /// <summary>What is wrong, by path; empty when the document fits.</summary>
    public IReadOnlyList<string> Check(JsonNode? document) => Check(root, document, "$");

    private List<string> Check(JsonObject schema, JsonNode? value, string path) =>
        [.. schema.Where(k => !Silent.Contains(k.Key)).SelectMany(k => Keyword(schema, k.Key, k.Value!, value, path))];

    private IEnumerable<string> Keyword(JsonObject schema, string keyword, JsonNode rule, JsonNode? value, string path)
    {
        switch (keyword)
        {
            case "$ref":
                return Check(Find((string)rule!), value, path);
            case "type":
                return Types(rule).Any(t => Is(t, value)) ? [] : [$"{path} is not {string.Join(" or ", Types(rule))}"];
            case "enum":
                return rule.AsArray().Any(e => JsonNode.DeepEquals(e, value)) ? [] : [$"{path} is none of {rule.ToJsonString()}"];
            case "oneOf":
            case "anyOf":
                return Alternatives(keyword, rule.AsArray(), value, path);
            case "required":
                return value is JsonObject has ? rule.AsArray().Where(r => !has.ContainsKey((string)r!)).Select(r => $"{path}.{r} is missing") : [];
            case "properties":
            case "patternProperties":
            case "additionalProperties":
                return value is JsonObject map ? Properties(schema, keyword, rule, map, path) : [];
            case "items":
                return value is JsonArray list ? list.SelectMany((item, i) => Check(rule.AsObject(), item, $"{path}[{i}]")) : [];
            case "uniqueItems":
                return value is JsonArray set && set.Select(i => i?.ToJsonString()).Distinct().Count() != set.Count ? [$"{path} names something twice"] : [];
            case "minimum":
                return value is JsonValue low && low.TryGetValue<double>(out var a) && a < (double)rule ? [$"{path} is below {rule}"] : [];
            case "maximum":
                return value is JsonValue high && high.TryGetValue<double>(out var b) && b > (double)rule ? [$"{path} is above {rule}"] : [];
            default:
                throw new NotSupportedException($"The schema uses the keyword '{keyword}', which this check does not know.");
        }
    }

    private IEnumerable<string> Alternatives(string keyword, JsonArray choices, JsonNode? value, string path)
    {
        var results = choices.Select(c => Check(c!.AsObject(), value, path)).ToList();
        var fitting = results.Count(r => r.Count == 0);
        return fitting == 1 || (fitting > 1 && keyword == "anyOf") ? [] : [$"{path} fits {fitting} alternatives: {string.Join("; ", results.SelectMany(r => r).Distinct())}"];
    }

    private IEnumerable<string> Properties(JsonObject schema, string keyword, JsonNode rule, JsonObject map, string path)
    {
        foreach (var (name, value) in map)
        {
            var named = schema["properties"] is JsonObject properties && properties.ContainsKey(name);
            var patterns = (schema["patternProperties"] as JsonObject)?.Where(p => Regex.IsMatch(name, p.Key)).ToList() ?? [];
            var found = keyword switch
            {
                "properties" when named => Check(rule[name]!.AsObject(), value, $"{path}.{name}"),
                "patternProperties" => patterns.SelectMany(p => Check(p.Value!.AsObject(), value, $"{path}.{name}")),
                "additionalProperties" when !named && patterns.Count == 0 =>
                    rule is JsonObject inner ? Check(inner, value, $"{path}.{name}") : (bool)rule ? [] : [$"{path} may not have '{name}'"],
                _ => [],
            };
            foreach (var wrong in found)
            {
                yield return wrong;
            }
        }
    }

    /// <summary>The schema's ids are local names of definitions, or JSON pointers.</summary>
    private JsonObject Find(string reference)
    {
        JsonNode node = root;
        foreach (var part in reference.TrimStart('#').Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            node = node[part] ?? throw new InvalidOperationException($"The schema has no '{reference}'.");
        }

        return node.AsObject();
    }

    private static IEnumerable<string> Types(JsonNode rule) => rule is JsonArray many ? many.Select(t => (string)t!) : [(string)rule!];

    private static bool Is(string type, JsonNode? value) => type switch
    {
        "object" => value is JsonObject,
        "array" => value is JsonArray,
        "null" => value is null,
        "string" => value is JsonValue text && text.GetValueKind() == System.Text.Json.JsonValueKind.String,
        "boolean" => value is JsonValue flag && flag.GetValueKind() is System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False,
        "number" => value is JsonValue number && number.GetValueKind() == System.Text.Json.JsonValueKind.Number,
        "integer" => value is JsonValue whole && whole.TryGetValue<long>(out _),
        _ => throw new NotSupportedException($"The schema uses the type '{type}'."),
    };
}
