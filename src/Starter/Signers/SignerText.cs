using VirtEngine.DR.Signing;

namespace VirtEngine.DR.Starter.Signers;

/// <summary>A signer's status for people.</summary>
internal static class SignerText
{
    public static IEnumerable<string> Lines(SignerStatus status, SignerHere here)
    {
        yield return $"{status.Signer}: {status.State}";
        yield return status.Epoch == 0 ? "  no epoch is seen to count" : $"  epoch {status.Epoch}: {status.Holder} may sign above {status.Floor}; asked by {status.AskedBy ?? "nobody named"}";
        foreach (var line in status.Evidence.Select(line => "  evidence: " + line).Concat(status.MaySign.Select(line => "  may sign: " + line)).Concat(status.Buckets.Select(line => "  bucket " + line)))
        {
            yield return line;
        }

        yield return $"this machine: {(here.Machine.Length == 0 ? "cannot be told from others" : here.Machine)}";
        yield return here.Record is { } record
            ? $"  granted epoch {record.Grant}, fence {record.Fence}, floor {record.Floor}; the HRS file says {here.LastSigned?.ToString() ?? "nothing"}; {(here.LockHeld ? "a signer runs here (its lock is held)" : "no signer runs here")}"
            : "  no grant is recorded: its gate starts nothing";
        foreach (var problem in here.Problems)
        {
            yield return "  problem: " + problem;
        }

        yield return $"for a grant of epoch {status.NextEpoch} are missing:";
        foreach (var missing in status.Missing)
        {
            yield return "  - " + missing;
        }
    }
}
