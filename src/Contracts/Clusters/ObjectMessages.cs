using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Contracts.Clusters;

/// <summary>A ConfigMap of a cluster.</summary>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Name">Its name.</param>
public sealed record ConfigPlace(string Namespace, string Name);

/// <summary>Says keys of a ConfigMap that is there.</summary>
/// <param name="Key">The idempotency key.</param>
/// <param name="Place">Which one.</param>
/// <param name="Data">All keys that are ours, and what they say.</param>
public sealed record ConfigAct(StepKey Key, ConfigPlace Place, IReadOnlyDictionary<string, string> Data);

/// <summary>Makes the pods of a workload anew.</summary>
/// <param name="Key">The idempotency key.</param>
/// <param name="At">The moment that is asked for; a run asks for one moment, however often it tries.</param>
public sealed record RestartAct(StepKey Key, DateTimeOffset At);

/// <summary>A Service of a cluster.</summary>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Name">Its name.</param>
public sealed record ServicePlace(string Namespace, string Name);

/// <summary>What a load balancer's address is: some give an IP address, some a host name.</summary>
public enum ServiceAddressKind
{
    /// <summary>An IP address.</summary>
    Ip,

    /// <summary>A host name.</summary>
    HostName,
}

/// <summary>An address at which clients reach a Service.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Value">It.</param>
public sealed record ServiceAddress(ServiceAddressKind Kind, string Value);

/// <summary>Where clients reach a Service from outside the cluster.</summary>
/// <param name="Addresses">Its load balancer's addresses; none where it has none.</param>
/// <param name="Why">Why there is none, for people.</param>
public sealed record ServiceAddresses(IReadOnlyList<ServiceAddress> Addresses, string? Why = null);
