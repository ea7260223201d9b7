using System.Globalization;
using System.Text;
using System.Text.Json;

namespace VirtEngine.DR.Signing;

/// <summary>Who keeps the HRS file.</summary>
public enum HrsFormat
{
    /// <summary>The node: <c>priv_validator_state.json</c>.</summary>
    CometBft,

    /// <summary>tmkms: height and round as strings; 0 proposal, 1 prevote, 2 precommit (seen of 0.15).</summary>
    Tmkms,
}

/// <summary>The HRS file: read, raised, never lowered.</summary>
/// <param name="path">The file.</param>
/// <param name="format">Whose it is.</param>
public sealed class HrsFile(string path, HrsFormat format)
{
    /// <summary>Whose it is.</summary>
    public HrsFormat Format => format;

    /// <summary>For tests: called before each write.</summary>
    internal Action<WriteStep>? At { get; init; }

    /// <summary>Reads it; null when it is missing.</summary>
    /// <exception cref="InvalidDataException">It is there and not readable: never taken for height 0.</exception>
    public Hrs? Read()
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(bytes);
            var root = document.RootElement;
            var step = (int)Number(root, "step");
            var hrs = new Hrs(Number(root, "height"), checked((int)Number(root, "round")), format == HrsFormat.Tmkms ? step + 1 : step);

            // A fresh file of tmkms says proposal of height 0, which nobody signs: nothing was signed.
            hrs = format == HrsFormat.Tmkms && hrs is { Height: 0, Round: 0, Step: 1 } ? Hrs.Zero : hrs;
            return hrs is { Height: >= 0, Round: >= 0, Step: >= 0 and <= 3 } ? hrs : throw new InvalidDataException($"'{path}' says {hrs}, which is no height/round/step");
        }
        catch (Exception e) when (e is JsonException or FormatException or KeyNotFoundException or InvalidOperationException or OverflowException)
        {
            throw new InvalidDataException($"'{path}' is no HRS file: {e.Message}", e);
        }
    }

    /// <summary>Reads it with what it holds of the last signature; null when it is missing.</summary>
    /// <exception cref="InvalidDataException">It is there and not readable.</exception>
    public SignedHrs? ReadSigned()
    {
        // The file is replaced while it is read; both readings must be of one content.
        if (Read() is not { } value)
        {
            return null;
        }

        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        var (signature, signBytes) = (Text(document.RootElement, "signature"), Text(document.RootElement, "signbytes"));
        return Read() == value ? new SignedHrs(value, signature) { Vote = signature is not null && signBytes is not null ? new SignedVote(signature, signBytes) : null } : null;
    }

    /// <summary>Raises it to at least the floor; a file at or above stays byte for byte, with its signature. The signer must be stopped.</summary>
    /// <param name="floor">The floor.</param>
    /// <param name="vote">The vote that was signed exactly at the floor, where it is known: the node may say it again.</param>
    /// <returns>What it says now.</returns>
    /// <exception cref="InvalidDataException">It is there and not readable.</exception>
    public Hrs Raise(Hrs floor, SignedVote? vote = null)
    {
        if (Read() is { } present && present >= floor)
        {
            return present;
        }

        var text = format == HrsFormat.Tmkms
            ? string.Create(CultureInfo.InvariantCulture, $"{{\"height\":\"{floor.Height}\",\"round\":\"{floor.Round}\",\"step\":{Math.Max(0, floor.Step - 1)},\"block_id\":null}}")
            : string.Create(CultureInfo.InvariantCulture, $"{{\n  \"height\": \"{floor.Height}\",\n  \"round\": {floor.Round},\n  \"step\": {floor.Step}{Signed(vote)}\n}}");
        var mode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        DurableBytes.Write(path, Encoding.UTF8.GetBytes(text), mode, At, keepOwner: true);
        return Read() is { } now && now >= floor ? now : throw new InvalidDataException($"'{path}' was written as {floor} and is read as something lower");
    }

    private static string Signed(SignedVote? vote) =>
        vote is null ? "" : $",\n  \"signature\": {JsonSerializer.Serialize(vote.Signature)},\n  \"signbytes\": {JsonSerializer.Serialize(vote.SignBytes)}";

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var found) && found.ValueKind == JsonValueKind.String && found.GetString() is { Length: > 0 } text ? text : null;

    private static long Number(JsonElement root, string name)
    {
        var value = root.GetProperty(name);
        return value.ValueKind == JsonValueKind.String ? long.Parse(value.GetString()!, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : value.GetInt64();
    }
}
