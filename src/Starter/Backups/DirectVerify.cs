using System.Globalization;
using VirtEngine.DR.Activities.Backups;
using VirtEngine.DR.Backups.Verification;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Starter.Session;

namespace VirtEngine.DR.Starter.Backups;

/// <summary>Rungs 1 to 3, climbed here: no server and no worker is needed.</summary>
internal static class DirectVerify
{
    public static async Task<VerifyOutcome> RunAsync(
        CliSession session, string? id, string? node, string kind, int rung, CancellationToken cancellationToken)
    {
        var reader = new RepositoryReader(session.Estate());
        var passed = new List<VerificationReport>();
        var failures = new List<string>();
        foreach (var slice in await reader.NodesAsync(node, kind).ConfigureAwait(false))
        {
            var (_, entry) = await reader.FindAsync(id, slice.Target.Node.Name, kind, cancellationToken).ConfigureAwait(false);
            foreach (var source in await reader.Access.SourcesAsync(slice, cancellationToken).ConfigureAwait(false))
            {
                if (source.Repository is null)
                {
                    failures.Add($"{entry.Id} in {source.Region}: {source.Unreachable}");
                    continue;
                }

                var scratch = Directory.CreateTempSubdirectory("virtengine-dr-verify-");
                try
                {
                    var verifier = new BackupVerifier(new VerifierOptions(Environment.MachineName, scratch.FullName));
                    var records = await verifier.VerifyAsync(source.Repository, entry.Key, (Rung)rung, null, cancellationToken).ConfigureAwait(false);
                    Add(records, BackupRefs.Of(entry), source.Region, passed, failures);
                }
                finally
                {
                    scratch.Delete(recursive: true);
                }
            }
        }

        return new VerifyOutcome(passed, failures);
    }

    private static void Add(
        IReadOnlyList<RungRecord> records, BackupRef backup, string region, List<VerificationReport> passed, List<string> failures)
    {
        if (records.LastOrDefault(record => record.Passed) is { } best)
        {
            passed.Add(new VerificationReport(
                backup, region, (int)best.Rung, best.At, null,
                [.. best.Facts.OrderBy(fact => fact.Key, StringComparer.Ordinal).Select(fact => $"{fact.Key} {fact.Value}")]));
        }

        failures.AddRange(records.Where(record => !record.Passed).Select(record => string.Create(
            CultureInfo.InvariantCulture, $"{backup.Id} in {region}: rung {(int)record.Rung}: {string.Join("; ", record.Problems)}")));
    }
}
