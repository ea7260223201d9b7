using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Estates.Rules;

namespace VirtEngine.DR.Estates.Reading;

internal static class NodeReader
{
    private static readonly NodeSpec Defaults =
        new() { Name = "", Kind = NodeKind.Full, Region = "", Home = "/", Control = new ControlSpec { Type = "process" } };

    public static IReadOnlyList<NodeSpec> Read(MapReader root, Folder folder, Problems problems) =>
        [.. root.Groups("nodes", EstateSchema.Node, required: true).Select(node => Node(node, folder, problems))];

    private static NodeSpec Node(MapReader node, Folder folder, Problems problems)
    {
        var kind = node.Choice<NodeKind>("kind", null);
        var spec = Defaults with
        {
            Name = node.RequiredText("name"),
            Kind = kind,
            Region = node.RequiredText("region"),
            Zone = node.Text("zone"),
            Home = node.RequiredText("home"),
            Control = Control(node, EstateSchema.Control, required: true, problems) ?? Defaults.Control,
            Rpc = node.Text("rpc")?.TrimEnd('/'),
            Database = node.Choice("database", ["goleveldb", "pebbledb", "rocksdb"], Defaults.Database),
            Backup = node.Choice<BackupMethod>("backup", EstateDefaults.Backup(kind)),
            Extras = node.Texts("extras"),
            FreezeBudget = node.Duration("freezeBudget", Defaults.FreezeBudget, TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(10)),
            Signer = SigningReader.Signer(node, problems),
            Probe = ProbeReader.Read(node, kind, folder, problems),
            StandbyFor = node.Text("standbyFor"),
        };
        Text.CheckName(node.At("name"), spec.Name, problems);
        Text.CheckHttp(node.At("rpc"), spec.Rpc, problems, bare: true);
        CheckHome(node, spec.Home, problems);
        CheckExtras(node, spec.Extras, problems);
        return spec;
    }

    /// <summary>How a process is started and stopped; null when the group is not there.</summary>
    internal static ControlSpec? Control(MapReader node, EstateSection section, bool required, Problems problems)
    {
        if (node.Group("control", section, required) is not { } control)
        {
            return null;
        }

        var spec = new ControlSpec
        {
            Type = control.Choice("type", ["process", "systemd", "kubernetes"], null),
            Unit = control.Text("unit"),
            Command = control.Texts("command"),
            StopTimeout = control.Duration("stopTimeout", Defaults.Control.StopTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
        };
        if (spec.Type == "systemd" && spec.Unit is null && !problems.IsBad(control.At("unit")))
        {
            problems.Add(control.At("unit"), "A node under systemd needs its unit.", "Such as 'unit: virtengine.service'.");
        }

        Only(control, "unit", "systemd", spec.Type, problems);
        Only(control, "command", "process", spec.Type, problems);
        return spec;
    }

    private static void Only(MapReader control, string key, string type, string actual, Problems problems)
    {
        if (control.Has(key) && actual.Length > 0 && actual != type)
        {
            problems.Add(control.At(key), $"This is for 'type: {type}'; the type is {Secrets.Shown(actual)}.", $"Remove it, or write 'type: {type}'.");
        }
    }

    private static void CheckHome(MapReader node, string home, Problems problems)
    {
        if (home.Length > 0 && (home[0] != '/' || home.Split('/').Contains("..") || home.Trim('/').Length == 0))
        {
            problems.Add(node.At("home"), $"{Secrets.Shown(home)} is not an absolute path of a folder.", "Such as /opt/virtengine, without '..'.");
        }
    }

    private static void CheckExtras(MapReader node, IReadOnlyList<string> extras, Problems problems)
    {
        for (var i = 0; i < extras.Count; i++)
        {
            var path = $"{node.At("extras")}[{i}]";
            if (extras[i].Length > 0 && !Text.IsInside(extras[i]))
            {
                problems.Add(path, $"{Secrets.Shown(extras[i])} leaves the home.", "A path inside the home, without '..', such as wasm.");
            }
            else if (extras[i].TrimEnd('/') is "data" or "." or "config" || extras[i].StartsWith("config/", StringComparison.Ordinal))
            {
                problems.Add(path, $"{Secrets.Shown(extras[i])} cannot be an extra.", "data is copied anyway; config holds keys and belongs to 'configurationPaths'.");
            }
        }
    }
}
