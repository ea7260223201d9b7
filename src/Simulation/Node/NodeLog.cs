using System.Globalization;

namespace VirtEngine.DR.Simulation.Node;

/// <summary>The node's log lines on standard output, in CometBFT's manner.</summary>
internal static class NodeLog
{
    public static void Info(string module, string text) => Write("INF", module, text);

    public static void Error(string module, string text) => Write("ERR", module, text);

    private static void Write(string level, string module, string text) =>
        Console.WriteLine($"{DateTime.UtcNow.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture)} {level} {text} module={module}");
}
