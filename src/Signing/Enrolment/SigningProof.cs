using System.Globalization;

namespace VirtEngine.DR.Signing;

/// <summary>That this machine signs now.</summary>
/// <param name="Value">The height, round and step that was proven.</param>
/// <param name="Words">How, for the register.</param>
public sealed record ProvenSigning(Hrs Value, string Words);

/// <summary>What a proof came to.</summary>
/// <param name="Proof">The proof; null when there is none.</param>
/// <param name="Missing">Why not.</param>
/// <param name="Foreign">Somebody else signs with this key: stop everything.</param>
public sealed record SigningProofResult(ProvenSigning? Proof, string Missing, bool Foreign = false);

/// <summary>
/// Proves that the machine that keeps an HRS file is the one that signs: the file moves while we look, and its precommit's signature is the one that the
/// chain's commit of that height holds, by two sources. A copy of the file does not move.
/// </summary>
/// <param name="file">The HRS file.</param>
/// <param name="format">Where it keeps no signature, only that it moves with the chain can be shown.</param>
/// <param name="chain">The chain.</param>
/// <param name="time">The clock.</param>
public sealed class SigningProof(HrsFile file, HrsFormat format, ICommitWitnesses chain, TimeProvider time)
{
    /// <summary>How many heights a file without signatures must be seen to share with the chain.</summary>
    public const int HeightsWithoutSignature = 3;

    private const int Kept = 16;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan SayEvery = TimeSpan.FromSeconds(10);

    /// <summary>Watches until it is proven, or the time is over.</summary>
    /// <param name="signer">The key.</param>
    /// <param name="within">The longest wait.</param>
    /// <param name="say">Told how it goes, now and then.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<SigningProofResult> ProveAsync(SignerName signer, TimeSpan within, Action<string> say, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        var began = time.GetTimestamp();
        var (asked, said) = (began, began);
        Hrs? first = null;
        string? problem = null;
        var seen = new SortedDictionary<long, SignedHrs>();
        var shared = new SortedSet<long>();
        do
        {
            var (now, wrong) = Read();
            problem = wrong;
            first ??= now?.Value;
            if (now is { Value.Step: SignedHrs.Precommit } && now.Value > first && !shared.Contains(now.Value.Height))
            {
                seen[now.Value.Height] = now;
                while (seen.Count > Kept)
                {
                    seen.Remove(seen.Keys.First());
                }
            }

            if (seen.Count > 0 && time.GetElapsedTime(asked) >= Between)
            {
                asked = time.GetTimestamp();
                foreach (var one in seen.Values.ToList())
                {
                    var sights = await chain.CommitsAsync(signer, one.Value.Height, cancellationToken).ConfigureAwait(false);
                    if (Judge(one, sights, shared) is { } result)
                    {
                        return result;
                    }

                    if (shared.Contains(one.Value.Height))
                    {
                        seen.Remove(one.Value.Height);
                    }
                }
            }

            if (time.GetElapsedTime(said) >= SayEvery)
            {
                said = time.GetTimestamp();
                say($"still watching: {Words(first, now, seen.Count, problem)}");
            }
        }
        while (time.GetElapsedTime(began) < within && await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false));
        return new SigningProofResult(null, $"that this machine signs could not be proven within {within.TotalSeconds:0} s: {Words(first, Read().Now, seen.Count, problem)}");
    }

    private static string Words(Hrs? first, SignedHrs? now, int seen, string? problem) =>
        problem ?? (now is null ? "the HRS file is missing"
            : now.Value == first ? $"the HRS file stays at {first}: no signer runs with it, or the chain stands still"
            : $"the HRS file moved from {first} to {now.Value}, and {seen} precommits of it are in no commit that two sources show");

    private SigningProofResult? Judge(SignedHrs one, IReadOnlyList<CommitSight> sights, SortedSet<long> shared)
    {
        var ofRound = sights.Where(sight => sight.Round == one.Value.Round && sight.Signature is not null).ToList();
        if (one.Signature is null)
        {
            if (Sources(ofRound) >= GateRules.Sources && format == HrsFormat.Tmkms && shared.Add(one.Value.Height) && shared.Count >= HeightsWithoutSignature)
            {
                return Proven(one, ofRound, $"the state file moved with the chain at heights {string.Join(", ", shared)}; it keeps no signature, so that nobody else signs is people's word");
            }

            return null;
        }

        var same = ofRound.Where(sight => sight.Signature == one.Signature).ToList();
        return Sources(same) >= GateRules.Sources ? Proven(one, same, $"precommit {one.Value} with signature {one.Signature}")
            : Sources([.. ofRound.Except(same)]) >= GateRules.Sources ? new SigningProofResult(null, string.Create(CultureInfo.InvariantCulture,
                $"the chain's commit of height {one.Value.Height} holds another signature of this address than this machine's file ({one.Value}): ANOTHER PROCESS SIGNS WITH THIS KEY NOW. Stop one of them at once"), Foreign: true)
            : null;
    }

    private static SigningProofResult Proven(SignedHrs one, IReadOnlyList<CommitSight> sights, string words) =>
        new(new ProvenSigning(one.Value, $"{words}, in the commit that {string.Join(", ", sights.Select(sight => sight.Source).Distinct(StringComparer.Ordinal))} show"), "");

    private static int Sources(IReadOnlyList<CommitSight> sights) => sights.Select(sight => sight.Source).Distinct(StringComparer.Ordinal).Count();

    private (SignedHrs? Now, string? Problem) Read()
    {
        try
        {
            return (file.ReadSigned(), null);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException or System.Text.Json.JsonException)
        {
            return (null, e.Message);
        }
    }
}
