using VirtEngine.DR.Contracts;
using VirtEngine.DR.Starter.Errors;

namespace VirtEngine.DR.Starter.Session;

/// <summary>Asks the person at the keyboard; the default is no.</summary>
internal static class Confirmation
{
    /// <summary>True only for a clear yes.</summary>
    /// <exception cref="CliException">Nobody can be asked.</exception>
    public static bool Ask(CliSession session, string question)
    {
        if (!session.Interactive)
        {
            throw new CliException(ErrorTypes.InvalidInput, "Nobody sits at a keyboard to confirm this. Look at it, then give --yes.");
        }

        session.Io.Error.Write($"{question} [y/N] ");
        session.Io.Error.Flush();
        var answer = session.Io.In.ReadLine()?.Trim();
        var yes = string.Equals(answer, "y", StringComparison.OrdinalIgnoreCase) || string.Equals(answer, "yes", StringComparison.OrdinalIgnoreCase);
        if (!yes)
        {
            session.Say("Nothing was sent.");
        }

        return yes;
    }
}
