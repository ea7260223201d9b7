using System.Globalization;
using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Signers;
using VirtEngine.DR.Signing;

namespace VirtEngine.DR.Activities.Signing;

/// <summary>Waits for the silence after the last end, or finds the chain halted.</summary>
/// <param name="site">The host that looks.</param>
/// <param name="time">The clock.</param>
internal sealed class SilenceWatch(SignerSite site, TimeProvider time)
{
    /// <summary>A vote that was cast before the end may stand in the next block, and an RPC may be a block behind.</summary>
    private const int Slack = 2;

    /// <summary>How often a signature after the end begins the silence anew before it counts as somebody who signs.</summary>
    private const int Restarts = 2;

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    /// <summary>For so long nobody shows a fresh block before the chain counts as halted.</summary>
    private static readonly TimeSpan HaltedAfter = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Within = TimeSpan.FromMinutes(10);

    /// <summary>Waits.</summary>
    public async Task<SilenceReport> WaitAsync(CancellationToken cancellationToken)
    {
        var deadline = time.GetUtcNow() + Within;
        DateTimeOffset? staleSince = null;
        long? begin = null;
        for (var restarts = 0; ;)
        {
            var sights = await site.Witnesses.LookAsync(site.Signer, begin ?? long.MaxValue - 1, cancellationToken).ConfigureAwait(false);
            var sources = sights.Select(sight => sight.Source).Distinct(StringComparer.Ordinal).Count();
            if (begin is null && sources >= GateRules.Sources)
            {
                begin = sights.Max(sight => sight.Height) + Slack;
            }
            else if (begin is { } from)
            {
                var seen = new SilenceObservation { Begin = from, Rpcs = sights };
                if (sights.Max(sight => sight.LastSigned) is { } signed && signed > from)
                {
                    if (restarts++ == Restarts)
                    {
                        throw Failures.Permanent(ErrorTypes.Conflict, string.Join("; ", SilenceRules.Decide(seen).Missing));
                    }

                    begin = signed;
                }
                else if (SilenceRules.ClosedAt(seen) is { } closed)
                {
                    return new SilenceReport(from, closed, Halted: false, Text($"no signature from height {from + 1} to {closed}, by {sources} independent RPCs"));
                }
            }

            staleSince = sources < GateRules.Sources || sights.Any(sight => sight.Fresh) ? null : staleSince ?? time.GetUtcNow();
            if (begin is not null && staleSince is { } since && time.GetUtcNow() - since >= HaltedAfter)
            {
                return new SilenceReport(begin.Value, null, Halted: true, Text($"the chain is halted: none of {sources} independent RPCs shows a fresh block (heights {string.Join(", ", sights.Select(sight => sight.Height))})"));
            }

            if (time.GetUtcNow() > deadline)
            {
                throw Failures.Permanent(ErrorTypes.Deadline, sources < GateRules.Sources
                    ? Text($"{sources} of {GateRules.Sources} independent RPCs answer: a silence is seen by two (gate.json, rpcs)")
                    : string.Join("; ", SilenceRules.Decide(new SilenceObservation { Begin = begin ?? 0, Rpcs = sights }).Missing));
            }

            await Task.Delay(Every, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
