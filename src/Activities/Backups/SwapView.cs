using System.Text.Json;
using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Contracts;

namespace VirtEngine.DR.Activities.Backups;

/// <summary>The library's own journal of a swap, read only: the one truth of where a swap is.</summary>
/// <param name="Forward">True for the swap, false for the way back.</param>
/// <param name="Finished">It got to its end.</param>
/// <param name="Kept">Where the former data is.</param>
internal sealed record SwapView(bool Forward, bool Finished, string Kept)
{
    /// <summary>Where the library keeps it.</summary>
    public static string PathOf(string home, string digest) => Path.Combine(home, $".virtengine-swap-{digest[..32]}.json");

    /// <summary>The journal of a digest in a home; null when there is none.</summary>
    public static SwapView? Read(string home, string digest)
    {
        if (digest.Length != 64 || !digest.All(char.IsAsciiHexDigitLower))
        {
            throw Failures.Invalid([$"backup.digest is '{digest}'; it must be 64 lower-case hexadecimal digits"]);
        }

        var path = PathOf(home, digest);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            var root = document.RootElement;
            var staged = root.GetProperty("staged").GetString()!;
            return new SwapView(
                root.GetProperty("direction").GetString() == "forward",
                root.GetProperty("finished").GetBoolean(),
                Path.Combine(Path.GetDirectoryName(staged)!, ".virtengine-kept-" + digest[..32]));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw Failures.Permanent(ErrorTypes.Conflict, $"'{path}' is not readable ({e.Message}): compare the home with its kept and staged folders by hand before the node starts", e);
        }
    }
}
