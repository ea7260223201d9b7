using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace VirtEngine.DR.Simulation.Chain;

/// <summary>JSON of everything that a node stores or sends; generated at build time, for a node must start quickly.</summary>
[JsonSerializable(typeof(Genesis))]
[JsonSerializable(typeof(ConsensusKey))]
[JsonSerializable(typeof(NodeKey))]
[JsonSerializable(typeof(SigningState))]
[JsonSerializable(typeof(Block))]
[JsonSerializable(typeof(Vote))]
[JsonSerializable(typeof(SignedBlock))]
[JsonSerializable(typeof(List<SignedBlock>))]
[JsonSerializable(typeof(List<Vote>))]
[JsonSerializable(typeof(PeerStatus))]
[JsonSourceGenerationOptions(WriteIndented = false)]
public sealed partial class ChainJson : JsonSerializerContext
{
    private static ChainJson Indented { get; } =
        new(new JsonSerializerOptions { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>Reads a file of the home.</summary>
    public static T ReadFile<T>(string path, Func<ChainJson, JsonTypeInfo<T>> type) =>
        JsonSerializer.Deserialize(File.ReadAllBytes(path), type(Default)) ?? throw new InvalidDataException($"'{path}' is empty");

    /// <summary>Writes a file of the home under another name first, so that a kill leaves the old one or the new one.</summary>
    public static void WriteFile<T>(string path, T value, Func<ChainJson, JsonTypeInfo<T>> type, bool secret = false)
    {
        var next = path + ".new";
        File.WriteAllBytes(next, JsonSerializer.SerializeToUtf8Bytes(value, type(Indented)));
        if (secret && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(next, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        File.Move(next, path, overwrite: true);
    }
}
