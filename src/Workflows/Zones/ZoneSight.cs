using System.Globalization;
using VirtEngine.DR.Contracts.Clusters;

namespace VirtEngine.DR.Workflows.Zones;

/// <summary>A zone as the cluster shows it.</summary>
/// <param name="Nodes">Its machines.</param>
/// <param name="Pods">The workloads' pods there.</param>
public sealed record ZoneSight(IReadOnlyList<ClusterNode> Nodes, IReadOnlyList<ClusterPod> Pods)
{
    /// <summary>No machine has been cordoned.</summary>
    public const string Open = "open";

    /// <summary>Some have.</summary>
    public const string Some = "some cordoned";

    /// <summary>All have.</summary>
    public const string Cordoned = "cordoned";

    /// <summary>More than half of its machines serve: it looks as if it had not failed.</summary>
    public bool LooksHealthy => Ready * 2 > Nodes.Count;

    /// <summary>Every machine serves.</summary>
    public bool IsWhole => Nodes.Count > 0 && Ready == Nodes.Count;

    /// <summary>How far it is cordoned.</summary>
    public string Cordon => Nodes.All(node => node.Cordoned) ? Cordoned : Nodes.Any(node => node.Cordoned) ? Some : Open;

    /// <summary>The runs whose cordons stand there.</summary>
    public IReadOnlyList<string> CordonedBy => [.. Nodes.Where(node => node.Cordoned).Select(node => node.CordonedBy).OfType<string>().Distinct().Order(StringComparer.Ordinal)];

    /// <summary>In a sentence.</summary>
    public string Text
    {
        get
        {
            var states = Nodes.GroupBy(node => node.Readiness).OrderBy(group => group.Key).Select(group => Said($"{group.Count()} {group.Key}"));
            return Said($"{Nodes.Count} machines: {string.Join(", ", states)}; {Cordon}; {Pods.Count} pods of the workloads there");
        }
    }

    private int Ready => Nodes.Count(node => node.Readiness == NodeReadiness.Ready);

    /// <summary>Of a cluster.</summary>
    public static ZoneSight Of(ClusterObservation now, string zone)
    {
        ArgumentNullException.ThrowIfNull(now);
        return new([.. now.Nodes.Where(node => node.Zone == zone)], [.. now.Pods.Where(pod => pod.Zone == zone)]);
    }

    private static string Said(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
