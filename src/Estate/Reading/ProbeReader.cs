using System.Globalization;
using System.Text.RegularExpressions;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Estates.Rules;

namespace VirtEngine.DR.Estates.Reading;

/// <summary>Reads <c>nodes[].probe</c>.</summary>
internal static partial class ProbeReader
{
    private static readonly ProbeSpec Defaults = new() { Url = "" };
    private static readonly string[] TlsKeys = ["ca", "insecure"];
    private static readonly string[] FieldKeys = ["value", "maxAge"];
    private static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    public static ProbeSpec? Read(MapReader node, NodeKind kind, Folder folder, Problems problems)
    {
        if (node.Group("probe", EstateSchema.Probe) is not { } probe)
        {
            return null;
        }

        var spec = new ProbeSpec
        {
            Url = probe.RequiredText("url"),
            Status = probe.Number("status", Defaults.Status, 100, 599),
            Field = probe.Text("field"),
            Value = probe.Text("value"),
            MaxAge = probe.OptionalDuration("maxAge", TimeSpan.FromSeconds(1), Longest),
            Sample = probe.Text("sample") ?? Defaults.Sample,
            Ca = probe.Text("ca") is { } ca ? Certificates.Read(probe.At("ca"), ca, folder, problems) : null,
            Insecure = probe.Flag("insecure", false),
        };
        Text.CheckHttp(probe.At("url"), spec.Url.Length > 0 ? spec.Url : null, problems);
        if (spec.Field is { } field && !FieldPath().IsMatch(field))
        {
            problems.Add(probe.At("field"), $"{Secrets.Shown(field)} is not a field of JSON.", "Names joined by dots, such as daemon.state; in a list a number, such as jobs.0.at.");
        }

        if (!Series().IsMatch(spec.Sample))
        {
            problems.Add(probe.At("sample"), $"{Secrets.Shown(spec.Sample)} is not a series.", "A metric's name, with labels in braces or without, such as cometbft_consensus_height or up{job=\"node\"}.");
        }

        CheckTls(probe, spec, problems);
        if (!problems.IsBad(node.At("kind")))
        {
            CheckKind(node, probe, kind, problems);
        }

        return spec;
    }

    private static void CheckTls(MapReader probe, ProbeSpec spec, Problems problems)
    {
        foreach (var key in TlsKeys.Where(key => probe.Has(key) && spec.Url.StartsWith("http:", StringComparison.Ordinal)))
        {
            problems.Add(probe.At(key), "This is for https; the URL is http.", "Remove it, or ask over https.");
        }

        if (spec.Insecure && probe.Has("ca"))
        {
            problems.Add(probe.At("insecure"), "A certificate is not pinned and left unchecked at once.", "Remove 'insecure', or remove 'ca'.");
        }
    }

    private static void CheckKind(MapReader node, MapReader probe, NodeKind kind, Problems problems)
    {
        if (kind is not (NodeKind.Provider or NodeKind.Gateway or NodeKind.Monitoring))
        {
            problems.Add(node.At("probe"), $"A {EnumNames<NodeKind>.Of(kind)} is looked at through its 'rpc'.", "Remove it; it is for provider, gateway and monitoring.");
            return;
        }

        Only(probe, "sample", kind == NodeKind.Monitoring, "monitoring", problems);
        Only(probe, "field", kind != NodeKind.Monitoring, "provider and gateway", problems);
        Only(probe, "value", kind == NodeKind.Provider, "provider", problems);
        if (kind != NodeKind.Provider)
        {
            return;
        }

        foreach (var key in FieldKeys.Where(key => probe.Has(key) && !probe.Has("field")))
        {
            problems.Add(probe.At(key), "It says what a field must hold, and there is no 'field'.", "Add 'field', or remove it.");
        }

        if (probe.Has("value") && probe.Has("maxAge"))
        {
            problems.Add(probe.At("maxAge"), "A field is compared with a value or is a time, not both.", "Remove 'value', or remove 'maxAge'.");
        }
    }

    private static void Only(MapReader probe, string key, bool allowed, string kinds, Problems problems)
    {
        if (!allowed && probe.Has(key))
        {
            problems.Add(probe.At(key), string.Create(CultureInfo.InvariantCulture, $"This is for {kinds}."), "Remove it.");
        }
    }

    [GeneratedRegex(@"^[^.\s]+(\.[^.\s]+)*$")]
    private static partial Regex FieldPath();

    [GeneratedRegex(@"^[a-zA-Z_:][a-zA-Z0-9_:]*(\{[^{}]*\})?$")]
    private static partial Regex Series();
}
