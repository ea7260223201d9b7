using System.Security.Cryptography;
using System.Text.Json;

namespace VirtEngine.DR.Estates.Init;

/// <summary>The public half of a consensus key. The private half is passed over, and the file's bytes are wiped after reading.</summary>
internal static class ConsensusKey
{
    private const long MaxFile = 64 * 1024;

    /// <summary>The public key in base64; null when there is no such file or it holds none.</summary>
    public static string? Read(string file)
    {
        if (!File.Exists(file) || new FileInfo(file).Length > MaxFile)
        {
            return null;
        }

        var bytes = File.ReadAllBytes(file);
        try
        {
            var reader = new Utf8JsonReader(bytes);
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1 && reader.ValueTextEquals("pub_key") && reader.Read())
                {
                    return PublicValue(ref reader);
                }
            }

            return null;
        }
        catch (JsonException)
        {
            throw new EstateInitException($"{file} is not valid JSON.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    private static string? PublicValue(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("value") && reader.Read() && reader.TokenType == JsonTokenType.String)
            {
                return reader.GetString();
            }
        }

        return null;
    }
}
