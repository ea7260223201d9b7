using System.Security.Cryptography;
using VirtEngine.DR.Backups;
using VirtEngine.DR.Backups.Signing;
using VirtEngine.DR.Signing;

namespace VirtEngine.DR.Activities.Signing;

/// <summary>Makes and verifies people's signatures of a challenge.</summary>
public static class OfflineSignatures
{
    /// <summary>Whose signatures are right: each key counts once, under the name that the gate's configuration gives it.</summary>
    /// <param name="challenge">What must have been signed.</param>
    /// <param name="signatures">What was handed in.</param>
    /// <param name="allowed">The keys of the gate's configuration.</param>
    /// <param name="problems">What is wrong with others.</param>
    public static IReadOnlyList<string> Verify(OfflineChallenge challenge, IReadOnlyList<OfflineSignature> signatures, IReadOnlyList<OfflineKey> allowed, ICollection<string> problems) =>
        Verify(challenge.Bytes(), "this challenge", signatures, allowed, problems);

    /// <summary>Whose signatures of some bytes are right.</summary>
    /// <param name="bytes">What must have been signed.</param>
    /// <param name="what">What it is, for people.</param>
    /// <param name="signatures">What was handed in.</param>
    /// <param name="allowed">The keys of the gate's configuration.</param>
    /// <param name="problems">What is wrong with others.</param>
    public static IReadOnlyList<string> Verify(byte[] bytes, string what, IReadOnlyList<OfflineSignature> signatures, IReadOnlyList<OfflineKey> allowed, ICollection<string> problems)
    {
        var people = new List<string>();
        var keys = new HashSet<string>(StringComparer.Ordinal);
        foreach (var signature in signatures)
        {
            if (allowed.FirstOrDefault(key => key.Name == signature.Name) is not { } person)
            {
                problems.Add($"'{signature.Name}' is none of offlineKeys: {(allowed.Count == 0 ? "none is configured (signing.offlineKeys of the estate, then signer enrol)" : string.Join(", ", allowed.Select(key => key.Name)))}");
            }
            else if (!IsRight(bytes, signature, person, out var id))
            {
                problems.Add($"the signature of '{signature.Name}' is not of {what}, or not with that key: sign the file that lies here now");
            }
            else if (keys.Add(id))
            {
                people.Add(person.Name);
            }
        }

        return people;
    }

    /// <summary>Signs a challenge with a private key in PEM.</summary>
    /// <exception cref="BackupException">The key cannot be read.</exception>
    public static Task<OfflineSignature> SignAsync(OfflineChallenge challenge, string name, string privateKeyPem, CancellationToken cancellationToken) =>
        SignAsync(challenge.Bytes(), name, privateKeyPem, cancellationToken);

    /// <summary>Signs bytes with a private key in PEM.</summary>
    /// <exception cref="BackupException">The key cannot be read.</exception>
    public static async Task<OfflineSignature> SignAsync(byte[] bytes, string name, string privateKeyPem, CancellationToken cancellationToken)
    {
        using var signer = PemSigner.Load(privateKeyPem);
        return new OfflineSignature(name, Convert.ToBase64String(await signer.SignAsync(bytes, cancellationToken).ConfigureAwait(false)));
    }

    private static bool IsRight(byte[] bytes, OfflineSignature signature, OfflineKey person, out string id)
    {
        id = "";
        try
        {
            var key = VerifyKeys.FromPem(person.PublicKey);
            id = Convert.ToHexString(SHA256.HashData(key.PublicKeyInfo));
            return VerifyKeys.Verify(key, bytes, Convert.FromBase64String(signature.Signature));
        }
        catch (Exception e) when (e is BackupException or FormatException)
        {
            return false;
        }
    }
}
