using System.Reflection;

namespace VirtEngine.DR.Architecture.Tests;

/// <summary>The product's assemblies as they were built.</summary>
internal static class Product
{
    public const string Prefix = "VirtEngine.DR.";

    public static IReadOnlyList<Assembly> Assemblies { get; } =
    [
        .. Directory.EnumerateFiles(AppContext.BaseDirectory, Prefix + "*.dll")
            .Where(f => !f.EndsWith(".Tests.dll", StringComparison.Ordinal))
            .Select(Assembly.LoadFrom),
    ];

    public static IReadOnlyList<Type> Types { get; } = [.. Assemblies.SelectMany(a => a.GetTypes())];

    public static string Room(Assembly assembly) => assembly.GetName().Name![Prefix.Length..];
}
