using k8s.Models;

namespace VirtEngine.DR.Activities.Clusters.Kubernetes;

/// <summary>Label selectors as the API server reads them.</summary>
internal static class Selectors
{
    /// <summary>Whether a selector covers a pod. No selector covers nothing, an empty one everything.</summary>
    public static bool Match(V1LabelSelector? selector, V1Pod pod)
    {
        var labels = pod.Metadata.Labels ?? new Dictionary<string, string>();
        return selector is not null
            && (selector.MatchLabels ?? new Dictionary<string, string>()).All(wanted => labels.TryGetValue(wanted.Key, out var value) && value == wanted.Value)
            && (selector.MatchExpressions ?? []).All(expression => expression.OperatorProperty switch
            {
                "In" => labels.TryGetValue(expression.Key, out var value) && expression.Values.Contains(value),
                "NotIn" => !labels.TryGetValue(expression.Key, out var value) || !expression.Values.Contains(value),
                "Exists" => labels.ContainsKey(expression.Key),
                "DoesNotExist" => !labels.ContainsKey(expression.Key),
                _ => false,
            });
    }

    /// <summary>A selector as a list takes it; null where it covers nothing, or everything, which no controller may.</summary>
    public static string? Text(V1LabelSelector? selector)
    {
        string[] parts =
        [
            .. (selector?.MatchLabels ?? new Dictionary<string, string>()).Select(one => $"{one.Key}={one.Value}"),
            .. (selector?.MatchExpressions ?? []).Select(one => one.OperatorProperty switch
            {
                "In" => $"{one.Key} in ({string.Join(',', one.Values)})",
                "NotIn" => $"{one.Key} notin ({string.Join(',', one.Values)})",
                "DoesNotExist" => "!" + one.Key,
                _ => one.Key,
            }),
        ];
        return parts.Length == 0 ? null : string.Join(',', parts);
    }
}
