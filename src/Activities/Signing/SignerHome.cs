using System.Security.Cryptography;
using System.Text.Json;
using VirtEngine.DR.Backups.Snapshots;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Signing;

namespace VirtEngine.DR.Activities.Signing;

/// <summary>What a node's home says of the consensus key: its address, and where its HRS file is. The private half is passed over, and its bytes are wiped.</summary>
public static class SignerHome
{
    private const long MaxFile = 64 * 1024;
    private const int AddressBytes = 20;

    /// <summary>The consensus address of a node's signer, upper-case hex: the estate's, or the key file's in the home; both must agree where both say it.</summary>
    /// <exception cref="InvalidDataException">Neither says it, or they differ.</exception>
    public static string Address(NodeSpec node)
    {
        var named = node.Signer?.Address;
        if (named is not null && node.Signer!.Format == HrsFormat.Tmkms)
        {
            // The home's own key file is not the one that signs.
            return named;
        }

        var file = Path.Combine(node.Home, Layout(node).SigningKeyFile);
        var held = AddressOf(file);
        return (named, held) switch
        {
            (null, null) => throw new InvalidDataException($"the consensus address of '{node.Name}' is not known: '{file}' is missing. Name it (nodes[].signer.address), or run this on the node's own host"),
            ({ } estate, { } key) when estate != key => throw new InvalidDataException($"the estate says that '{node.Name}' signs as {estate}, and '{file}' is the key of {key}: correct nodes[].signer.address"),
            _ => (named ?? held)!,
        };
    }

    /// <summary>The address of the key file in a node's home; null where there is none.</summary>
    /// <exception cref="InvalidDataException">It cannot be read.</exception>
    public static string? HeldAddress(NodeSpec node) => AddressOf(Path.Combine(node.Home, Layout(node).SigningKeyFile));

    /// <summary>The HRS file of a node's signer, absolute.</summary>
    /// <exception cref="InvalidDataException">The home's configuration cannot be read.</exception>
    public static string HrsFile(NodeSpec node) => node.Signer?.HrsFile ?? Path.Combine(node.Home, Layout(node).SigningStateFile);

    private static NodeLayout Layout(NodeSpec node)
    {
        try
        {
            return NodeLayout.Read(node.Home, node.Extras);
        }
        catch (SnapshotException e)
        {
            throw new InvalidDataException($"the home of '{node.Name}' cannot be read on this host: {e.Message}", e);
        }
    }

    private static string? AddressOf(string file)
    {
        if (!File.Exists(file))
        {
            return null;
        }

        if (new FileInfo(file).Length > MaxFile)
        {
            throw new InvalidDataException($"'{file}' is too large to be a key file");
        }

        var bytes = File.ReadAllBytes(file);
        try
        {
            var (address, key) = PublicParts(bytes);
            var computed = key is null ? null : Convert.ToHexString(SHA256.HashData(key).AsSpan(0, AddressBytes));
            return address is not null && computed is not null && address != computed
                ? throw new InvalidDataException($"'{file}' says address {address}, and its public key is of {computed}")
                : computed ?? address ?? throw new InvalidDataException($"'{file}' holds no public key");
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            throw new InvalidDataException($"'{file}' is not readable as a key file", e);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <summary>The address, and the public key where it is Ed25519 (others are hashed differently).</summary>
    private static (string? Address, byte[]? Key) PublicParts(byte[] bytes)
    {
        var reader = new Utf8JsonReader(bytes);
        string? address = null, type = null, value = null;
        var inKey = false;
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }

            if (reader.CurrentDepth == 1)
            {
                inKey = reader.ValueTextEquals("pub_key");
                if (reader.ValueTextEquals("address") && reader.Read() && reader.TokenType == JsonTokenType.String)
                {
                    address = reader.GetString()!.ToUpperInvariant();
                }
            }
            else if (inKey && reader.ValueTextEquals("type") && reader.Read())
            {
                type = reader.GetString();
            }
            else if (inKey && reader.ValueTextEquals("value") && reader.Read())
            {
                value = reader.GetString();
            }
        }

        return (address, value is not null && type?.EndsWith("Ed25519", StringComparison.Ordinal) == true ? Convert.FromBase64String(value) : null);
    }
}
