using System.Globalization;
using System.Text.Json;

namespace VirtEngine.DR.Activities.Nodes;

/// <summary>Reads the HRS file, the node's only local guard against signing twice. Never writes it.</summary>
internal static class SignState
{
    /// <summary>Height/round/step; null where there is no file; what is wrong in <paramref name="problem"/>.</summary>
    public static string? Read(string path, out string? problem)
    {
        problem = null;
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            var root = document.RootElement;
            return string.Create(CultureInfo.InvariantCulture, $"{Number(root, "height")}/{Number(root, "round")}/{Number(root, "step")}");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is JsonException or FormatException or KeyNotFoundException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            problem = $"'{path}' is not readable: {e.Message}";
            return null;
        }
    }

    private static long Number(JsonElement root, string name)
    {
        var value = root.GetProperty(name);
        return value.ValueKind == JsonValueKind.String ? long.Parse(value.GetString()!, CultureInfo.InvariantCulture) : value.GetInt64();
    }
}
