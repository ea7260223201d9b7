using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using VirtEngine.DR.Backups.Storage;

namespace VirtEngine.DR.Backups.Restoring;

/// <summary>A signing state as it lies on disk. It may be raised, never lowered.</summary>
/// <param name="State">Height, round, step.</param>
/// <param name="Content">The whole file: signature and sign bytes belong to the state.</param>
public sealed record SigningStateFile(SigningState State, byte[] Content)
{
    /// <summary>Reads the file; null when there is none.</summary>
    /// <exception cref="BackupException"><c>signing-state-unreadable</c>.</exception>
    public static SigningStateFile? Read(string path)
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
            var node = JsonNode.Parse(bytes)!.AsObject();
            return new SigningStateFile(new SigningState(Number(node["height"]), (int)Number(node["round"]), (int)Number(node["step"])), bytes);
        }
        catch (Exception e) when (e is JsonException or FormatException or OverflowException or InvalidOperationException or NullReferenceException)
        {
            throw new BackupException(BackupErrorCodes.SigningStateUnreadable,
                $"{path} is not a readable signing state ({e.Message}): nothing is swapped. Keep the file; raise it above the last height that the chain shows this key signed, or start without the key", e);
        }
    }

    /// <summary>A state without a signature: nothing at or below it will be signed.</summary>
    public static SigningStateFile Create(SigningState state) => new(state, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture,
        $"{{\n  \"height\": \"{state.Height}\",\n  \"round\": {state.Round},\n  \"step\": {state.Step}\n}}")));

    /// <summary>The higher of two; the left one when they are equal.</summary>
    public static SigningStateFile? Higher(SigningStateFile? left, SigningStateFile? right) =>
        left is null ? right : right is null || left.State >= right.State ? left : right;

    /// <summary>Puts this state in place unless what is there is as high.</summary>
    public void Raise(string path)
    {
        if (Read(path) is { } there && there.State >= State)
        {
            return;
        }

        // The node reads it as its own user: the new file belongs to whom the old one, or the folder, does.
        var owner = FileStatus.Of(path) ?? FileStatus.Of(Path.GetDirectoryName(path)!)!.Value;
        LinuxFiles.WriteDurably(path, Content);
        FileStatus.ChangeOwner(path, owner.User, owner.Group);
    }

    private static long Number(JsonNode? node) => node switch
    {
        null => 0,
        _ when node.GetValueKind() == JsonValueKind.String => long.Parse(node.GetValue<string>(), NumberStyles.None, CultureInfo.InvariantCulture),
        _ => node.GetValue<long>() is >= 0 and var number ? number : throw new FormatException("a negative number"),
    };
}
