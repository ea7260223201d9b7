using Spectre.Console;

namespace VirtEngine.DR.Starter.Session;

/// <summary>The world as the commands see it: streams, terminal and environment. Tests bring their own.</summary>
internal sealed record CliIo
{
    public required TextWriter Out { get; init; }

    public required TextWriter Error { get; init; }

    public required TextReader In { get; init; }

    /// <summary>Somebody sits at the keyboard and sees the output: questions may be asked, the view may redraw.</summary>
    public required bool Interactive { get; init; }

    /// <summary>Reads an environment variable; empty counts as absent.</summary>
    public required Func<string, string?> Environment { get; init; }

    public static CliIo System() => new()
    {
        Out = Console.Out,
        Error = Console.Error,
        In = Console.In,
        Interactive = !Console.IsInputRedirected && !Console.IsOutputRedirected,
        Environment = name => global::System.Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null,
    };

    /// <summary>A Spectre console on the output.</summary>
    public IAnsiConsole Ansi(bool color) => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Ansi = Interactive ? AnsiSupport.Detect : AnsiSupport.No,
        ColorSystem = color && Interactive ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
        Interactive = Interactive ? InteractionSupport.Detect : InteractionSupport.No,
        Out = new AnsiConsoleOutput(Out),
    });
}
