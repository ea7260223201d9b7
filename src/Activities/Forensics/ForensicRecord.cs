using System.Security.Cryptography;
using System.Text;
using VirtEngine.DR.Activities.Nodes;
using VirtEngine.DR.Backups;
using VirtEngine.DR.Contracts.Forensics;

namespace VirtEngine.DR.Activities.Forensics;

/// <summary>The copy that a run makes of this home, on disk before its first byte is written: whoever goes on with it makes the same one.</summary>
/// <param name="FirstRunId">The run.</param>
/// <param name="Id">The copy's id.</param>
/// <param name="Attempt">Rises where an id was used up.</param>
/// <param name="LeftOut">What it does not hold.</param>
/// <param name="BytesPerSecond">How fast the last copy from this host went; 0: none was made.</param>
internal sealed record ForensicRecord(string FirstRunId, string Id, int Attempt, IReadOnlyList<LeftOutFile> LeftOut, double BytesPerSecond)
{
    /// <summary>As often as an id may be used up: each time a copy was killed inside its commit.</summary>
    public const int MostAttempts = 16;

    /// <summary>Where it is kept.</summary>
    public static string PathIn(NodeHome home) => Path.Combine(home.Private, "forensics.json");

    /// <summary>The random part of a run's ids: with it the copy is found in the bucket although this host has lost its record.</summary>
    public static string Random(string firstRunId, string node, int attempt) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"forensic\n{firstRunId}\n{node}\n{attempt}"))))[..16];

    /// <summary>A fresh id of a run.</summary>
    public static BackupId NewId(string firstRunId, string node, int attempt, long height, DateTimeOffset now) =>
        BackupId.Create(height, now) with { Random = Random(firstRunId, node, attempt) };
}
