namespace VirtEngine.DR.Backups;

/// <summary>The engine refused or could not do something. The message names the thing and what to do.</summary>
public class BackupException : Exception
{
    /// <summary>Makes one.</summary>
    /// <param name="code">One of <see cref="BackupErrorCodes"/>.</param>
    /// <param name="message">For the operator.</param>
    /// <param name="inner">What lies below.</param>
    public BackupException(string code, string message, Exception? inner = null)
        : base(message, inner) => Code = code;

    /// <summary>A stable name of what went wrong, one of <see cref="BackupErrorCodes"/>.</summary>
    public string Code { get; }

    /// <summary>True when the same call may succeed later without anybody's doing.</summary>
    public virtual bool Transient => Code is BackupErrorCodes.ObjectMarked or BackupErrorCodes.SourcesUnreachable;
}
