using VirtEngine.DR.Signing;
using VirtEngine.DR.Starter.Errors;

namespace VirtEngine.DR.Starter.Signers;

/// <summary>What this machine has recorded of a key.</summary>
/// <param name="Machine">Its identity; empty when it cannot be told.</param>
/// <param name="Record">The record; null when there is none.</param>
/// <param name="LastSigned">What the HRS file says.</param>
/// <param name="LockHeld">A signer runs here, or a fence is being adopted.</param>
/// <param name="Problems">What could not be read.</param>
internal sealed record SignerHere(string Machine, MachineRecord? Record, Hrs? LastSigned, bool LockHeld, IReadOnlyList<string> Problems)
{
    /// <summary>Looks; changes nothing.</summary>
    public static SignerHere Of(SignerSetup setup)
    {
        var problems = new List<string>();
        var machine = Try(problems, () => setup.Host().Machine) ?? "";
        var record = Try(problems, () => new RecordFile(setup.Paths.Record).Read());
        Hrs? hrs = null;
        Try(problems, () =>
        {
            hrs = new HrsFile(setup.Config.HrsFile, setup.Config.Format).Read();
            return "";
        });
        if (new AlarmFile(setup.Paths.Alarm).Refusal() is { } alarm)
        {
            problems.Add(alarm);
        }

        using var held = Try(problems, () => HostLock.TryTake(setup.Paths.Lock, inherited: false));
        return new SignerHere(machine, record, hrs, held is null, problems);
    }

    private static T? Try<T>(List<string> problems, Func<T?> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is CliException or IOException or InvalidDataException or UnauthorizedAccessException)
        {
            problems.Add(e.Message);
            return null;
        }
    }
}
