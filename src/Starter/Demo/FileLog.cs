using System.Globalization;

namespace VirtEngine.DR.Starter.Demo;

/// <summary>The worker's log in a file, so that the story stays readable.</summary>
internal sealed class FileLog(string path) : ILoggerProvider
{
    private readonly TextWriter writer = TextWriter.Synchronized(new StreamWriter(path) { AutoFlush = true });

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new Logger(writer, categoryName);

    /// <inheritdoc/>
    public void Dispose() => writer.Dispose();

    private sealed class Logger(TextWriter writer, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:HH:mm:ss.fff} {logLevel} {category}: {formatter(state, exception)}{(exception is null ? "" : "\n" + exception)}"));
            }
        }
    }
}
