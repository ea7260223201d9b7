using System.Security.Cryptography;
using System.Text.Json;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Estates.Reading;

namespace VirtEngine.DR.Estates;

/// <summary>Reads and validates <c>estate.yaml</c> as a whole.</summary>
public static class EstateLoader
{
    /// <summary>Reads an estate; relative paths in it are resolved against its folder.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="EstateInvalidException">It has mistakes; all are named.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static LoadedEstate Load(string path)
    {
        var full = Path.GetFullPath(path);
        return Read(File.ReadAllText(full), path, Path.GetDirectoryName(full)!) with { Path = full };
    }

    /// <summary>Reads an estate from a text; relative paths in it are resolved against the folder of <paramref name="fileName"/>.</summary>
    /// <param name="text">The YAML text.</param>
    /// <param name="fileName">How messages name it.</param>
    /// <exception cref="EstateInvalidException">It has mistakes; all are named.</exception>
    public static LoadedEstate Parse(string text, string fileName) =>
        Read(text, fileName, Path.GetDirectoryName(Path.GetFullPath(fileName))!);

    /// <summary>The digest of an estate: SHA-256 of its canonical JSON form, lower-case hex.</summary>
    public static string Digest(Estate estate) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(estate, DrDataConverter.JsonOptions)));

    private static LoadedEstate Read(string text, string fileName, string folder)
    {
        var estate = EstateReader.Read(text, folder, out var problems);
        return estate is null || problems.Count > 0
            ? throw new EstateInvalidException(fileName, problems)
            : new LoadedEstate(estate, Digest(estate));
    }
}
