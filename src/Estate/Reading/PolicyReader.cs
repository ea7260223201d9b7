using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Estates.Rules;

namespace VirtEngine.DR.Estates.Reading;

/// <summary>Approvals, the watch, people, channels, evidence and server.</summary>
internal sealed class PolicyReader(Folder folder, Problems problems)
{
    private static readonly ApprovalSpec Defaults = new();
    private static readonly WatchSpec WatchDefaults = new();
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);
    private static readonly TimeSpan Month = TimeSpan.FromDays(31);

    public ApprovalSpec Approvals(MapReader root)
    {
        if (root.Group("approvals", PolicySchema.Approvals) is not { } approvals)
        {
            return Defaults;
        }

        var spec = new ApprovalSpec
        {
            Required = approvals.Number("required", Defaults.Required, 1, 20),
            Approvers = approvals.Texts("approvers"),
            StarterMayApprove = approvals.Flag("starterMayApprove", Defaults.StarterMayApprove),
            Timeout = approvals.Duration("timeout", Defaults.Timeout, TimeSpan.FromMinutes(1), Month),
            OnTimeout = OnTimeout(approvals),
            NotNeededFor = NotNeededFor(approvals),
        };
        Text.CheckUnique([.. spec.Approvers.Select((a, i) => ($"{approvals.At("approvers")}[{i}]", a))], "approver", problems);
        if (spec.Approvers.Count > 0 && spec.Required > spec.Approvers.Distinct().Count())
        {
            problems.Add(
                approvals.At("required"), $"{spec.Required} approvals can never come from {spec.Approvers.Count} approvers.",
                $"At most {spec.Approvers.Count}, or name more approvers.");
        }

        return spec;
    }

    public static WatchSpec Watch(MapReader root) => root.Group("watch", PolicySchema.Watch) is not { } watch
        ? WatchDefaults
        : new WatchSpec
        {
            Period = watch.Duration("period", WatchDefaults.Period, TimeSpan.Zero, Week),
            Relapses = watch.Number("relapses", WatchDefaults.Relapses, 1, 10),
        };

    public static ObserveSpec Observe(MapReader root) =>
        root.Group("observe", EstateSchema.Observe) is { } observe ? new ObserveSpec { From = observe.Texts("from") } : new ObserveSpec();

    public IReadOnlyList<ContactSpec> Contacts(MapReader root)
    {
        var contacts = root.Groups("contacts", PolicySchema.Contact);
        var specs = contacts.Select(c => new ContactSpec(
            c.RequiredText("role"), c.RequiredText("contact"), Classes(c), c.OptionalDuration("escalateAfter", TimeSpan.Zero, Month))).ToList();
        Text.CheckUnique([.. specs.Select((s, i) => (contacts[i].At("role"), s.Role))], "role", problems);
        return specs;
    }

    public IReadOnlyList<ChannelSpec> Channels(MapReader root)
    {
        var channels = root.Groups("channels", PolicySchema.Channel);
        var specs = channels.Select(Channel).ToList();
        Text.CheckUnique([.. specs.Select((s, i) => (channels[i].At("name"), s.Name))], "channel", problems);
        return specs;
    }

    public string? Evidence(MapReader root) =>
        root.Text("evidence") is not { } place ? null
        : place.StartsWith("s3://", StringComparison.Ordinal) ? place
        : folder.Resolve(place);

    public ServerSpec? Server(MapReader root)
    {
        if (root.Group("server", PolicySchema.Server) is not { } server)
        {
            return null;
        }

        var spec = new ServerSpec(server.RequiredText("address"), server.Text("namespace") ?? Contracts.Names.Namespace, server.Flag("tls", false));
        Text.CheckAddress(server.At("address"), spec.Address, problems);
        Text.CheckName(server.At("namespace"), spec.Namespace, problems);
        return spec;
    }

    private ChannelSpec Channel(MapReader channel)
    {
        var spec = new ChannelSpec(
            channel.RequiredText("name"), channel.Choice("type", ChannelTypes.All, null), channel.Text("url") ?? "", Classes(channel),
            channel.Text("secretFile") is { } file ? folder.Resolve(file) : null);
        Text.CheckName(channel.At("name"), spec.Name, problems);
        if (spec.Url.Length > 0)
        {
            Text.CheckHttp(channel.At("url"), spec.Url, problems);
        }

        ChannelRules.Check(channel.At, spec, problems);
        return spec;
    }

    private string OnTimeout(MapReader approvals)
    {
        if (approvals.Text("onTimeout") is "approve" or "allow")
        {
            problems.Add(approvals.At("onTimeout"), "A timeout never approves.", "deny, hold or escalate.");
            return Defaults.OnTimeout;
        }

        return approvals.Choice("onTimeout", ["deny", "hold", "escalate"], Defaults.OnTimeout);
    }

    private List<NodeKind> NotNeededFor(MapReader approvals)
    {
        var kinds = new List<NodeKind>();
        var words = approvals.Texts("notNeededFor");
        for (var i = 0; i < words.Count; i++)
        {
            var path = $"{approvals.At("notNeededFor")}[{i}]";
            if (words[i] == EnumNames<NodeKind>.Of(NodeKind.Validator))
            {
                problems.Add(path, "A validator's runbooks always need an approval.", "A double sign costs 5 % of the stake and the validator itself.");
            }
            else if (EnumNames<NodeKind>.TryParse(words[i], out var kind))
            {
                kinds.Add(kind);
            }
            else if (words[i].Length > 0)
            {
                approvals.NotAllowed(path, words[i], EnumNames<NodeKind>.All.Where(k => k != "validator"));
            }
        }

        return kinds;
    }

    private static IReadOnlyList<string> Classes(MapReader group)
    {
        var classes = group.Texts("classes");
        for (var i = 0; i < classes.Count; i++)
        {
            if (classes[i].Length > 0 && !EstateDefaults.Classes.Contains(classes[i]))
            {
                group.NotAllowed($"{group.At("classes")}[{i}]", classes[i], EstateDefaults.Classes);
            }
        }

        return classes;
    }
}
