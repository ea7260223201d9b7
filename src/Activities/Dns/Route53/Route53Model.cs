using System.Globalization;
using System.Xml.Linq;

namespace VirtEngine.DR.Activities.Dns.Route53;

/// <summary>A hosted zone.</summary>
/// <param name="Id">Its id, without a prefix.</param>
/// <param name="Name">Its name, with the dot at its end.</param>
/// <param name="Private">Only seen inside of a network.</param>
internal sealed record HostedZone(string Id, string Name, bool Private);

/// <summary>A change of records on its way to the name servers.</summary>
/// <param name="Id">Its id, without a prefix.</param>
/// <param name="InSync">All name servers have it.</param>
internal sealed record ChangeInfo(string Id, bool InSync);

/// <summary>A health check.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Version">Rises with each update.</param>
/// <param name="Config">Its settings, as the API has them.</param>
internal sealed record HealthCheck(string Id, long Version, XElement Config)
{
    /// <summary>HTTP, HTTPS, TCP, CALCULATED, …</summary>
    public string Type => Xml.Text(Config, "Type") ?? "";

    /// <summary>Healthy while what it asks for fails.</summary>
    public bool Inverted => Xml.Text(Config, "Inverted") == "true";

    /// <summary>Asks for nothing and counts as healthy.</summary>
    public bool Disabled => Xml.Text(Config, "Disabled") == "true";

    /// <summary>What it asks for; null where that is no URL.</summary>
    public string? Url
    {
        get
        {
            var scheme = Type.StartsWith("HTTPS", StringComparison.Ordinal) ? "https" : Type.StartsWith("HTTP", StringComparison.Ordinal) ? "http" : null;
            var host = Xml.Text(Config, "FullyQualifiedDomainName") ?? Xml.Text(Config, "IPAddress");
            return scheme is null || string.IsNullOrEmpty(host)
                ? null
                : new UriBuilder(scheme, host, int.Parse(Xml.Text(Config, "Port") ?? (scheme == "https" ? "443" : "80"), CultureInfo.InvariantCulture)) { Path = Xml.Text(Config, "ResourcePath") ?? "/" }.Uri.AbsoluteUri;
        }
    }
}

/// <summary>The XML of Route 53.</summary>
internal static class Xml
{
    /// <summary>Its namespace.</summary>
    public static readonly XNamespace Ns = "https://route53.amazonaws.com/doc/2013-04-01/";

    /// <summary>The text of a child; null without one, or where it is empty.</summary>
    public static string? Text(XElement? parent, string name) => parent?.Element(Ns + name)?.Value is { Length: > 0 } text ? text : null;

    /// <summary>An element.</summary>
    public static XElement Of(string name, params object?[] content) => new(Ns + name, content);

    /// <summary>An id without the kind that stands before it: <c>/hostedzone/Z1</c> and <c>Z1</c> are one.</summary>
    public static string Id(string? id) => id is null ? "" : id[(id.LastIndexOf('/') + 1)..];

    /// <summary>As one line, without white space that means nothing: equal texts are equal elements.</summary>
    public static string Canonical(XElement element)
    {
        var copy = new XElement(element);
        copy.DescendantNodes().OfType<XText>().Where(text => text.Parent!.HasElements && string.IsNullOrWhiteSpace(text.Value)).Remove();
        copy.DescendantNodes().OfType<XComment>().Remove();
        return copy.ToString(SaveOptions.DisableFormatting);
    }
}
