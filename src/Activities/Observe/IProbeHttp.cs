using VirtEngine.DR.Contracts.Estates;

namespace VirtEngine.DR.Activities.Observe;

/// <summary>One HTTP GET for a look at a component.</summary>
public interface IProbeHttp
{
    /// <summary>Asks, over a connection of its own. Any status is an answer.</summary>
    /// <param name="url">What is asked.</param>
    /// <param name="probe">Which certificates are believed.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ProbeException">Nothing answers, or with a certificate that is not believed.</exception>
    Task<ProbeAnswer> GetAsync(Uri url, ProbeSpec probe, CancellationToken cancellationToken);
}
