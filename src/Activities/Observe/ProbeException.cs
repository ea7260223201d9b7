namespace VirtEngine.DR.Activities.Observe;

/// <summary>A look that brought no answer that could be believed.</summary>
/// <param name="message">For the operator.</param>
/// <param name="untrusted">Somebody answers, with a certificate that is not believed.</param>
/// <param name="inner">The cause.</param>
public sealed class ProbeException(string message, bool untrusted, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Somebody answers, with a certificate that is not believed.</summary>
    public bool Untrusted { get; } = untrusted;
}
