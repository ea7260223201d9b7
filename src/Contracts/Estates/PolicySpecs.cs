namespace VirtEngine.DR.Contracts.Estates;

/// <summary>Recovery objectives.</summary>
/// <param name="Rto">By component and class, such as (full, D1) = 15 min.</param>
/// <param name="Rpo">By data kind, such as chain-state = 0.</param>
public sealed record ObjectivesSpec(IReadOnlyList<RtoSpec> Rto, IReadOnlyList<RpoSpec> Rpo);

/// <summary>A recovery time objective.</summary>
/// <param name="Component">The node kind.</param>
/// <param name="Class">D1 to D5.</param>
/// <param name="Target">Null means not applicable.</param>
public sealed record RtoSpec(NodeKind Component, string Class, TimeSpan? Target);

/// <summary>A recovery point objective.</summary>
/// <param name="Kind">The data's kind.</param>
/// <param name="Target">The largest loss that is accepted.</param>
public sealed record RpoSpec(string Kind, TimeSpan Target);

/// <summary>Who may approve, how many, how long.</summary>
public sealed record ApprovalSpec
{
    /// <summary>Approvals that a gate needs.</summary>
    public int Required { get; init; } = 1;

    /// <summary>Who may approve; empty means anybody with access to the server.</summary>
    public IReadOnlyList<string> Approvers { get; init; } = [];

    /// <summary>May the person who started a run approve it?</summary>
    public bool StarterMayApprove { get; init; }

    /// <summary>How long a gate stays open.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromHours(4);

    /// <summary><c>deny</c>, <c>hold</c> or <c>escalate</c>; a destructive step is never approved by a timeout.</summary>
    public string OnTimeout { get; init; } = "hold";

    /// <summary>Runbook inputs that need no approval at all, by node kind (such as RB-DR-006 on a full node whose data is gone).</summary>
    public IReadOnlyList<NodeKind> NotNeededFor { get; init; } = [];
}

/// <summary>How long what was recovered is watched for a relapse.</summary>
public sealed record WatchSpec
{
    /// <summary>The period after the last step; zero watches not at all.</summary>
    public TimeSpan Period { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>The relapse that parks; those before it open the next plan by themselves.</summary>
    public int Relapses { get; init; } = 2;
}

/// <summary>A person or a schedule.</summary>
/// <param name="Role">Such as primary on-call.</param>
/// <param name="Contact">An address.</param>
/// <param name="Classes">The classes told about; empty means all.</param>
/// <param name="EscalateAfter">When they are told.</param>
public sealed record ContactSpec(string Role, string Contact, IReadOnlyList<string> Classes, TimeSpan? EscalateAfter);

/// <summary>Where notifications go.</summary>
/// <param name="Name">Its name in the journal.</param>
/// <param name="Type">One of <see cref="ChannelTypes"/>.</param>
/// <param name="Url">Where it is posted to; empty where that is PagerDuty's own address, or stands in <paramref name="SecretFile"/>.</param>
/// <param name="Classes">The classes it is told; empty means all.</param>
/// <param name="SecretFile">A file on every worker's host: PagerDuty's routing key, or a URL that is a secret by itself.</param>
public sealed record ChannelSpec(string Name, string Type, string Url, IReadOnlyList<string> Classes, string? SecretFile = null);

/// <summary>Where notifications can go.</summary>
public static class ChannelTypes
{
    /// <summary>The product's own JSON, posted.</summary>
    public const string Webhook = "webhook";

    /// <summary>PagerDuty's Events API v2.</summary>
    public const string PagerDuty = "pagerduty";

    /// <summary>Slack's incoming webhooks, and what speaks like them (Mattermost, Rocket.Chat).</summary>
    public const string Slack = "slack";

    /// <summary>Discord's webhooks.</summary>
    public const string Discord = "discord";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Webhook, PagerDuty, Slack, Discord];
}

/// <summary>The Temporal server.</summary>
/// <param name="Address">host:port.</param>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Tls">Use TLS.</param>
public sealed record ServerSpec(string Address, string Namespace, bool Tls);
