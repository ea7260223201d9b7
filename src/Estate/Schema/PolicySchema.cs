using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Estates.Reading;

namespace VirtEngine.DR.Estates;

/// <summary>The keys of who is asked, who is told, and which server keeps the runs.</summary>
internal static class PolicySchema
{
    private const string Required = EstateSchema.Required;
    private const string None = EstateSchema.None;
    private const string ClassList = "A list of D1 to D5; empty means all.";

    private static readonly ApprovalSpec ApprovalDefaults = new();
    private static readonly WatchSpec WatchDefaults = new();

    internal static readonly EstateSection Approvals = new("approvals", "Who may approve.",
    [
        new("required", "A whole number from 1 to 20.", EstateText.Of(ApprovalDefaults.Required), "Approvals that a gate needs; at most as many as there are approvers."),
        new("approvers", "A list of names.", "anybody with access to the server", "Who may approve."),
        new("starterMayApprove", "true or false.", "false", "May the person who started a run approve it?"),
        new("timeout", Quantity.DurationForm, Quantity.Text(ApprovalDefaults.Timeout), "How long a gate stays open."),
        new("onTimeout", "deny, hold or escalate.", ApprovalDefaults.OnTimeout, "What happens then. A timeout never approves."),
        new("notNeededFor", "A list of node kinds other than validator.", None, "Kinds of nodes whose runbooks need no approval."),
    ]);

    internal static readonly EstateSection Watch = new("watch", "After its last step a run watches what it recovered. A relapse opens the next plan in the same run.",
    [
        new("period", Quantity.DurationForm, Quantity.Text(WatchDefaults.Period), "How long. 0s watches not at all; a run's input may shorten it."),
        new("relapses", "A whole number from 1 to 10.", EstateText.Of(WatchDefaults.Relapses), "The relapse that parks the run; those before it open the next plan by themselves."),
    ]);

    internal static readonly EstateSection Contact = new("contacts[]", "A person or an on-call schedule: a level of the escalation. Pages go to the channels and name role and contact.",
    [
        new("role", "A text.", Required, "Such as primary on-call."),
        new("contact", "An address.", Required, "How to reach them."),
        new("classes", ClassList, "all", "The incident classes they are told about."),
        new("escalateAfter", Quantity.DurationForm, "at once", "When they are paged, from a run's trigger, if it is not proven healthy and nobody has acknowledged."),
    ]);

    internal static readonly EstateSection Channel = new("channels[]", "Where notifications go.",
    [
        new("name", "Letters, digits, '.', '_' and '-'.", Required, "Its name in the journal."),
        new("type", "webhook, pagerduty, slack or discord.", Required, "What it is. slack fits Mattermost and Rocket.Chat too."),
        new("url", "An http or https URL without a password.", "pagerduty: https://events.pagerduty.com/v2/enqueue; else what secretFile holds", "Where notifications are posted to. Addresses of Slack and Discord are secrets: they belong into a file."),
        new("secretFile", "A path on every worker's host.", None, "pagerduty: the file with the routing key, required. Else: the file with the URL, instead of url. Read each time."),
        new("classes", ClassList, "all", "The incident classes it is told."),
    ]);

    internal static readonly EstateSection Server = new("server", "The Temporal server. A flag or TEMPORAL_ADDRESS goes before it.",
    [
        new("address", "host:port.", Required, "Where it is."),
        new("namespace", "A namespace's name.", Contracts.Names.Namespace, "Its namespace."),
        new("tls", "true or false.", "false", "Use TLS. Certificates and API keys come from the environment."),
    ]);
}
