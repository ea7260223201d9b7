namespace VirtEngine.DR.Embedded;

/// <summary>The engine's file cannot be used. It was left as it was.</summary>
public sealed class EngineFileException : IOException
{
    /// <summary>With the file and what is wrong with it.</summary>
    public EngineFileException(string message)
        : base(message)
    {
    }

    /// <summary>With its cause.</summary>
    public EngineFileException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Without a word.</summary>
    public EngineFileException()
    {
    }
}
