using System.Net;

namespace VirtEngine.DR.Activities.Dns.Clients;

/// <summary>What is asked of the outside: do clients that ask these resolvers arrive at a healthy target?</summary>
public sealed record ClientQuery
{
    /// <summary>What they ask for; its host is one of the estate's names.</summary>
    public required Uri Url { get; init; }

    /// <summary>A, AAAA or CNAME.</summary>
    public string Type { get; init; } = "A";

    /// <summary>Resolvers: authoritative ones, and caching ones as clients have.</summary>
    public required IReadOnlyList<IPEndPoint> Resolvers { get; init; }

    /// <summary>Addresses of the lost region: whoever still arrives there has not arrived.</summary>
    public IReadOnlyList<string> Lost { get; init; } = [];

    /// <summary>The share that must arrive, above 0 and at most 1.</summary>
    public double Mark { get; init; } = 0.95;

    /// <summary>How many rounds in a row must reach the mark.</summary>
    public int Rounds { get; init; } = 3;

    /// <summary>The time between two rounds.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long one request may take.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long it is tried in all.</summary>
    public required TimeSpan Within { get; init; }

    /// <summary>All that is wrong with it.</summary>
    internal IEnumerable<string> Problems()
    {
        if (!Url.IsAbsoluteUri || Url.Scheme is not ("http" or "https"))
        {
            yield return $"the URL '{Url}' is not http or https";
        }

        if (Type is not ("A" or "AAAA" or "CNAME"))
        {
            yield return $"the type '{Type}' is none of A, AAAA and CNAME";
        }

        if (Resolvers.Count == 0)
        {
            yield return "no resolver is named";
        }

        if (Mark is not (> 0 and <= 1))
        {
            yield return FormattableString.Invariant($"the mark {Mark} is not above 0 and at most 1");
        }

        if (Rounds < 1 || Pause < TimeSpan.Zero || Patience <= TimeSpan.Zero || Within <= TimeSpan.Zero)
        {
            yield return "rounds, patience and the whole time are above 0, the pause is not below";
        }
    }
}

/// <summary>What one kind of client at one resolver met.</summary>
/// <param name="Resolver">The resolver.</param>
/// <param name="KeepsAlive">It keeps its connection as long as that works; else each request has a connection of its own.</param>
/// <param name="Requests">How many requests it made.</param>
/// <param name="Failed">How many of them failed, or arrived at the lost region.</param>
/// <param name="Last">What it met last, for people.</param>
public sealed record ClientLine(string Resolver, bool KeepsAlive, int Requests, int Failed, string Last);

/// <summary>Whether clients arrive.</summary>
/// <param name="Proven">The mark was reached in as many rounds in a row as were wanted.</param>
/// <param name="Share">The share that arrived in the last round, 0 to 1.</param>
/// <param name="After">From the beginning to the first of those rounds; null: the mark was not reached.</param>
/// <param name="Requests">All requests.</param>
/// <param name="Failed">Those that failed, or arrived at the lost region.</param>
/// <param name="Lines">Each client.</param>
public sealed record ClientReport(bool Proven, double Share, TimeSpan? After, int Requests, int Failed, IReadOnlyList<ClientLine> Lines);
