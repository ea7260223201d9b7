namespace VirtEngine.DR.Activities.Chain;

/// <summary>An RPC did not answer, or not with what it should.</summary>
/// <param name="message">For the operator: which URL and what happened.</param>
/// <param name="answered">True when something answered, wrongly: asking again will not help.</param>
/// <param name="inner">The cause.</param>
public sealed class ChainRpcException(string message, bool answered, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>True when something answered, wrongly.</summary>
    public bool Answered { get; } = answered;

    /// <summary>The node's own error text, where it answered with one.</summary>
    public string? NodeError { get; init; }
}
