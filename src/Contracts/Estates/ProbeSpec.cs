namespace VirtEngine.DR.Contracts.Estates;

/// <summary>How a provider daemon, an API gateway or a monitoring server is looked at from outside. A chain's node is looked at through its RPC.</summary>
public sealed record ProbeSpec
{
    /// <summary>What is asked: a provider's status page; a gateway's newest block, or the gateway itself; a monitoring server itself.</summary>
    public required string Url { get; init; }

    /// <summary>The HTTP status of a healthy one.</summary>
    public int Status { get; init; } = 200;

    /// <summary>A field of the JSON that it answers, such as <c>daemon.state</c> or <c>jobs.0.at</c>; null: what it answers is not read.</summary>
    public string? Field { get; init; }

    /// <summary>What stands in the field of a healthy one; null: anything.</summary>
    public string? Value { get; init; }

    /// <summary>The field is a time that must not be older than this; for monitoring, how old the newest sample may be.</summary>
    public TimeSpan? MaxAge { get; init; }

    /// <summary>For monitoring: the series whose newest sample shows that it scrapes.</summary>
    public string Sample { get; init; } = "up";

    /// <summary>The only authorities that its certificate may be of, as PEM; null: the machine's own.</summary>
    public string? Ca { get; init; }

    /// <summary>Its certificate is not checked at all: anybody may answer in its place.</summary>
    public bool Insecure { get; init; }
}
