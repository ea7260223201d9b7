using System.Net;
using System.Net.Sockets;
using DnsClient;
using DnsClient.Protocol;

namespace VirtEngine.DR.Activities.Dns.Resolvers;

/// <summary>What a resolver answered.</summary>
/// <param name="Addresses">Addresses, or the name that it leads to; empty where there are none.</param>
/// <param name="Ttl">How long they may be kept.</param>
/// <param name="Problem">Why there is no answer; null: there is one.</param>
public sealed record ResolverAnswer(IReadOnlyList<string> Addresses, TimeSpan Ttl, string? Problem);

/// <summary>Asks one resolver, past the caches of this machine. It is asked as it is: an authoritative one answers what is, a caching one what clients are told.</summary>
/// <param name="at">The resolver.</param>
public sealed class DnsResolver(IPEndPoint at)
{
    private readonly LookupClient _client = new(new LookupClientOptions(at)
    {
        UseCache = false,
        Timeout = TimeSpan.FromSeconds(2),
        Retries = 1,
        ThrowDnsErrors = false,
        ContinueOnDnsError = false,
        UseTcpFallback = true,
    });

    /// <summary>Where it is.</summary>
    public IPEndPoint At { get; } = at;

    /// <summary>Asks.</summary>
    /// <param name="name">The name.</param>
    /// <param name="type">A, AAAA or CNAME.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<ResolverAnswer> AskAsync(string name, string type, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await _client.QueryAsync(name, Enum.Parse<QueryType>(type), cancellationToken: cancellationToken).ConfigureAwait(false);
            if (answer.HasError)
            {
                return new([], TimeSpan.Zero, $"{At}: {answer.ErrorMessage}");
            }

            DnsResourceRecord[] addresses = [.. answer.Answers.AddressRecords()];
            DnsResourceRecord[] records = addresses.Length > 0 ? addresses : [.. answer.Answers.CnameRecords()];
            return records.Length == 0
                ? new([], TimeSpan.Zero, $"{At}: it has no {type} record of {name}")
                : new([.. records.Select(Lead)], TimeSpan.FromSeconds(answer.Answers.Min(record => record.InitialTimeToLive)), null);
        }
        catch (Exception e) when (e is DnsResponseException or SocketException)
        {
            return new([], TimeSpan.Zero, $"{At}: {e.InnerException?.Message ?? e.Message}");
        }
    }

    private static string Lead(DnsResourceRecord record) => record switch
    {
        AddressRecord address => address.Address.ToString(),
        CNameRecord name => name.CanonicalName.Value,
        _ => "",
    };
}
