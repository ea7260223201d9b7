using System.Diagnostics;

namespace VirtEngine.DR.Activities.Tests.Support;

/// <summary>A mount of a test's own; where this user may not mount, the test is skipped with the reason.</summary>
internal sealed class RootMount : IAsyncDisposable
{
    private readonly string _folder;

    private RootMount(string folder) => _folder = folder;

    public static async Task<RootMount> MakeAsync(string folder, params string[] arguments)
    {
        Directory.CreateDirectory(folder);
        var (code, text) = await RunAsync("mount", [.. arguments, folder]);
        Assert.SkipWhen(code != 0, $"needs a host on which the tests may mount: {text}");
        return new RootMount(folder);
    }

    public async ValueTask DisposeAsync() => await RunAsync("umount", ["-l", _folder]);

    private static async Task<(int Code, string Text)> RunAsync(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var text = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, text.Trim());
    }
}
