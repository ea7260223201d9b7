using System.Globalization;
using Temporalio.Exceptions;
using Temporalio.Workflows;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Workflows.Flow;

namespace VirtEngine.DR.Workflows.Runbooks;

/// <summary>What a state sync goes by, chosen once a run: the anchor, the servers, the forecast; and why.</summary>
/// <param name="Settings">The settings.</param>
/// <param name="Forecast">The forecast.</param>
/// <param name="Anchor">Where the trust comes from, for people.</param>
/// <param name="Sources">The sources that could be looked at.</param>
public sealed record StateSyncChoice(StateSyncSettings Settings, CureForecast Forecast, string Anchor, IReadOnlyList<SnapshotSource> Sources)
{
    /// <summary>In a line.</summary>
    public string Summary => $"{Anchor}; {Forecast.Why}";

    /// <summary>Chooses, or says why the node is not state-synced.</summary>
    /// <param name="slice">The node.</param>
    /// <param name="calls">The calls.</param>
    /// <param name="backup">What a restore would take; null where there is none.</param>
    public static async Task<(StateSyncChoice? Choice, string Why)> FindAsync(NodeSlice slice, StateSyncCalls calls, BackupChoice? backup)
    {
        ArgumentNullException.ThrowIfNull(slice);
        ArgumentNullException.ThrowIfNull(calls);
        var state = await calls.LookAsync();
        if (state.Refusal is { } refusal)
        {
            return (null, refusal);
        }

        var sources = await calls.SourcesAsync();
        var newest = sources.SelectMany(source => source.Heights).DefaultIfEmpty().Max();
        TrustAnchor anchor;
        string from;
        try
        {
            (anchor, from) = await AnchorAsync(slice, calls, newest);
        }
        catch (ActivityFailureException e)
        {
            return (null, "no trust anchor: " + Failure.From(e).Message);
        }
        catch (ApplicationFailureException e)
        {
            return (null, "no trust anchor: " + e.Message);
        }

        var settings = new StateSyncSettings
        {
            RpcServers = [.. slice.References.Where(reference => anchor.Agreed.Contains(reference.Node)).Select(reference => reference.Url)],
            TrustHeight = anchor.Height,
            TrustHash = anchor.Hash,
            TrustPeriod = slice.Target.Chain.TrustPeriod,
        };
        var tip = anchor.Height;
        return (new(settings, CureForecast.Of(sources, backup, Math.Max(tip, newest), settings.DiscoveryTime), from, sources), "");
    }

    /// <summary>
    /// The newest signed anchor that a bucket holds, where two live RPCs have that very block; else what three of them agree on now. A signed anchor that they
    /// contradict ends it: one of both is false.
    /// </summary>
    private static async Task<(TrustAnchor Anchor, string From)> AnchorAsync(NodeSlice slice, StateSyncCalls calls, long newestSnapshot)
    {
        // Half of the period: the trust must outlast the state sync, and the clocks are not the same.
        var found = await calls.FindAnchorAsync(newestSnapshot, Workflow.UtcNow - (slice.Target.Chain.TrustPeriod / 2));
        var problems = found.Problems.Count == 0 ? "" : $" ({string.Join("; ", found.Problems)})";
        if (found.Anchor is { } signed)
        {
            try
            {
                var now = await calls.AgreeAsync(signed.Height, StateSyncRules.Servers);
                return now.Hash == signed.Hash
                    ? (now, Text($"trust height {signed.Height} from the anchor that {found.KeyId} signed at {signed.At:u}, read in {found.Region}, as {string.Join(", ", now.Agreed)} have it now{problems}"))
                    : throw new ApplicationFailureException(Text($"the signed anchor says that block {signed.Height} is {signed.Hash}, and {string.Join(", ", now.Agreed)} say {now.Hash}: one of both is false, nothing is trusted"), Contracts.ErrorTypes.Untrusted, nonRetryable: true);
            }
            catch (ActivityFailureException e) when (e.InnerException is ApplicationFailureException { ErrorType: Contracts.ErrorTypes.Unavailable } gone)
            {
                problems = $" (the anchor of {signed.At:u} cannot be used: {gone.Message})";
            }
        }

        var agreed = await calls.AgreeAsync(null, AnchorRules.Quorum);
        return (agreed, Text($"no signed trust anchor{problems}: trust height {agreed.Height} as {string.Join(", ", agreed.Agreed)} agree on it now"));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
