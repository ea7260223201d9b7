using System.Text.Json;

namespace VirtEngine.DR.Estates.Reading;

/// <summary>How enumerations are written: camelCase, as in the JSON of inputs and answers.</summary>
internal static class EnumNames<T>
    where T : struct, Enum
{
    public static IReadOnlyList<string> All { get; } = [.. Enum.GetValues<T>().Select(Of)];

    public static string Of(T value) => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    public static bool TryParse(string text, out T value)
    {
        foreach (var candidate in Enum.GetValues<T>())
        {
            if (Of(candidate) == text)
            {
                value = candidate;
                return true;
            }
        }

        value = default;
        return false;
    }
}
