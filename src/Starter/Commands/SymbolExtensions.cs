using System.CommandLine;

namespace VirtEngine.DR.Starter.Commands;

/// <summary>Small helpers for arguments.</summary>
internal static class SymbolExtensions
{
    /// <summary>Only these values; a wrong one is answered with the list.</summary>
    public static Argument<string> Among(this Argument<string> argument, string[] values)
    {
        argument.AcceptOnlyFromAmong(values);
        return argument;
    }
}
