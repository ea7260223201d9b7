using System.Collections;
using System.Runtime.InteropServices;
using System.Text;

namespace VirtEngine.DR.Signing;

/// <summary>Becomes another program: same process, same descriptors. The runtime has no call for it.</summary>
public static unsafe partial class ProgramExec
{
    private const int BrokenPipe = 13;
    private const int SetMask = 2;
    private const int SignalSetBytes = 128;

    /// <summary>The program's file: as given when it has a slash, else the first of its name on PATH.</summary>
    /// <exception cref="FileNotFoundException">There is none that may be executed.</exception>
    public static string Find(string program, string? path)
    {
        var candidates = program.Contains('/', StringComparison.Ordinal)
            ? [Path.GetFullPath(program)]
            : (path ?? "/usr/local/bin:/usr/bin:/bin").Split(':', StringSplitOptions.RemoveEmptyEntries).Select(folder => Path.Combine(folder, program));
        const UnixFileMode Execute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        return candidates.FirstOrDefault(file => File.Exists(file) && (File.GetUnixFileMode(file) & Execute) != 0)
            ?? throw new FileNotFoundException($"the command '{program}' is no program that may be executed");
    }

    /// <summary>Returns only when it fails.</summary>
    /// <param name="file">From <see cref="Find"/>.</param>
    /// <param name="arguments">All of them, the program's name first.</param>
    /// <exception cref="IOException">The kernel refused.</exception>
    public static void Replace(string file, IReadOnlyList<string> arguments)
    {
        var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(entry => $"{entry.Key}={entry.Value}").ToList();
        var argv = Strings(arguments);
        var envp = Strings(environment);

        // The runtime ignores broken pipes and may block signals; a signer must begin as if a shell had started it.
        _ = Signal(BrokenPipe, 0);
        var none = stackalloc byte[SignalSetBytes];
        new Span<byte>(none, SignalSetBytes).Clear();
        _ = SignalMask(SetMask, none, null);
        Console.Out.Flush();
        _ = Execve(file, argv, envp);
        throw new IOException($"'{file}' could not be started: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    private static byte** Strings(IReadOnlyList<string> texts)
    {
        // Never freed: the process becomes another one, or ends.
        var list = (byte**)NativeMemory.AllocZeroed((nuint)(texts.Count + 1), (nuint)sizeof(byte*));
        for (var index = 0; index < texts.Count; index++)
        {
            var bytes = Encoding.UTF8.GetBytes(texts[index]);
            list[index] = (byte*)NativeMemory.AllocZeroed((nuint)bytes.Length + 1);
            bytes.CopyTo(new Span<byte>(list[index], bytes.Length));
        }

        return list;
    }

    [LibraryImport("libc", EntryPoint = "execve", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Execve(string file, byte** argv, byte** envp);

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint Signal(int number, nint handler);

    [LibraryImport("libc", EntryPoint = "pthread_sigmask")]
    private static partial int SignalMask(int how, byte* set, byte* former);
}
