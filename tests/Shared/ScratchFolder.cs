namespace VirtEngine.DR.Tests.Shared;

/// <summary>A folder of a test's own, gone at its end.</summary>
public sealed class ScratchFolder : IDisposable
{
    /// <summary>Its path.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("virtengine-dr-test-").FullName;

    /// <summary>A path below it.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (IOException)
        {
            // A process that is just ending may still write below it; the operating system's own cleaning takes the rest.
        }
    }
}
