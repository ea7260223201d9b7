using System.Collections.Concurrent;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Dns;

namespace VirtEngine.DR.Activities.Dns.Route53;

/// <summary>Zones of Route 53. One client an endpoint and profile for the life of the process.</summary>
/// <param name="credentials">For all of them; null: by the estate's profile, else the default chain.</param>
public sealed class Route53Zones(AWSCredentials? credentials = null) : IDnsZones, IDisposable
{
    private readonly ConcurrentDictionary<(string? Endpoint, string? Profile), Lazy<Route53Client>> clients = new();

    /// <inheritdoc/>
    public IDnsZone Of(DnsTarget target) => new Route53Zone(
        target, clients.GetOrAdd((target.Dns.Endpoint, target.Dns.Profile), key => new(() => new(key.Endpoint, credentials ?? Profile(key.Profile)))).Value);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var client in clients.Values.Where(client => client.IsValueCreated))
        {
            client.Value.Dispose();
        }
    }

    private static AWSCredentials? Profile(string? profile) =>
        profile is null ? null
        : new CredentialProfileStoreChain().TryGetAWSCredentials(profile, out var found) ? found
        : throw Failures.Permanent(ErrorTypes.NotConfigured, $"the AWS credentials file of this host has no profile '{profile}'");
}
