using System.Security.Cryptography;
using System.Text;
using VirtEngine.DR.Backups;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Estates;

namespace VirtEngine.DR.Activities.Backups;

/// <summary>Names of backups between workflow and library.</summary>
internal static class BackupNames
{
    /// <summary>The scope of a node's kind.</summary>
    public static BackupScope Scope(NodeSlice slice, string kind) => new(slice.Target.Chain.Id, slice.Target.Node.Name, kind);

    /// <summary>The backup's id: height and time from the capture, the random part from the run, so that every retry finds its own work.</summary>
    public static BackupId Id(CaptureReceipt capture, string random)
    {
        var utc = capture.TakenAt.ToUniversalTime();
        return new BackupId(
            capture.Height,
            new DateTimeOffset(utc.Ticks - (utc.Ticks % TimeSpan.TicksPerSecond), TimeSpan.Zero),
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(random)))[..16]);
    }
}
