using System.Diagnostics;

namespace VirtEngine.DR.Simulation.Network;

/// <summary>Where the small node's program is, for those that use this assembly as a library.</summary>
public static class SimulationProgram
{
    /// <summary>The program: the native launcher beside the assembly, or <c>dotnet</c> where there is none.</summary>
    public static string Path { get; } = File.Exists(Launcher) ? Launcher : "dotnet";

    /// <summary>What must stand before the node's own arguments (the assembly's path after <c>dotnet</c>; else nothing).</summary>
    public static IReadOnlyList<string> Prefix { get; } = File.Exists(Launcher) ? [] : [AssemblyPath];

    private static string AssemblyPath => System.IO.Path.Combine(AppContext.BaseDirectory, "VirtEngine.DR.Simulation.dll");

    private static string Launcher => System.IO.Path.Combine(AppContext.BaseDirectory, "VirtEngine.DR.Simulation");

    /// <summary>The whole command for the given arguments.</summary>
    public static IReadOnlyList<string> Command(params IEnumerable<string> arguments) => [Path, .. Prefix, .. arguments];

    /// <summary>The start information for the given arguments; streams are not redirected.</summary>
    public static ProcessStartInfo StartInfo(params IEnumerable<string> arguments) => new(Path, [.. Prefix, .. arguments]) { UseShellExecute = false };
}
