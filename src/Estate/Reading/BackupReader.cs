using System.Globalization;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Estates.Rules;

namespace VirtEngine.DR.Estates.Reading;

internal sealed class BackupReader(Folder folder, Problems problems)
{
    private const int MaxKept = 100_000;

    /// <summary>A limit below this is a mistake in the unit: the first backup would never end.</summary>
    private const long MinRate = 64 * 1024;

    private const long MinMemory = 256L << 20;

    private static readonly string[] IoPriorities = ["normal", "idle"];

    public BackupSpec Read(MapReader root, IReadOnlyList<NodeSpec> nodes)
    {
        var backups = root.Group("backups", EstateSchema.Backups);
        var paths = backups?.Texts("configurationPaths") ?? [];
        return new BackupSpec
        {
            SigningKeys = backups is null ? [] : [.. backups.Groups("signingKeys", EstateSchema.SigningKey).Select(SigningKey)],
            Encryption = backups?.Group("encryption", EstateSchema.Encryption) is { } encryption ? Encryption(encryption) : null,
            Retention = Retention(backups),
            Schedules = new ScheduleReader(problems).Read(backups, nodes, paths),
            ConfigurationPaths = ConfigurationPaths(backups, paths),
            RateLimit = Rate(backups, "rateLimit"),
            ReadRate = Rate(backups, "readRate"),
            IoPriority = backups?.Choice("ioPriority", IoPriorities, "normal") ?? "normal",
            ProofMemory = ProofMemory(backups),
        };
    }

    private SigningKeySpec SigningKey(MapReader key)
    {
        var id = key.RequiredText("id");
        Text.CheckName(key.At("id"), id, problems);
        return new SigningKeySpec(
            id, PublicKeys.Read(key.At("publicKey"), key.RequiredText("publicKey"), folder, problems), key.Texts("nodes", ["*"]), key.Texts("kinds", ["*"]),
            key.Text("privateKeyFile") is { } file ? folder.Resolve(file) : null, Time(key, "revokedAt"));
    }

    private DateTimeOffset? Time(MapReader group, string key)
    {
        if (group.Text(key) is not { } text)
        {
            return null;
        }

        string[] forms = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];
        if (DateTimeOffset.TryParseExact(text, forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) && HasZone(text))
        {
            return time.ToUniversalTime();
        }

        problems.Add(group.At(key), $"{Secrets.Shown(text)} is not a time.", "A time with its zone, such as 2026-01-30T10:00:00Z.");
        return null;
    }

    private static bool HasZone(string text) => text.EndsWith('Z') || (text.Length > 6 && text[^6] is '+' or '-');

    private EncryptionSpec Encryption(MapReader encryption)
    {
        var type = encryption.Choice("type", ["file", "kms"], null);
        var key = encryption.RequiredText("key");
        if (Secrets.LooksRandom(key))
        {
            problems.Add(encryption.At("key"), "This looks like the key itself. Secrets never stand in an estate.", Secrets.Advice);
        }
        else if (type == "file" && key.Length > 0)
        {
            key = folder.Resolve(key);
        }

        return new EncryptionSpec(type, key, encryption.Flag("chainState", false));
    }

    private IReadOnlyList<RetentionSpec> Retention(MapReader? backups)
    {
        var given = (backups?.Groups("retention", EstateSchema.Retention) ?? []).Select(r => (Reader: r, Spec: Rule(r))).ToList();
        Text.CheckUnique([.. given.Select(g => (g.Reader.At("kind"), g.Spec.Kind))], "kind", problems);
        return [.. EstateDefaults.Retention.Select(d => given.Find(g => g.Spec.Kind == d.Kind).Spec ?? d)];
    }

    private RetentionSpec Rule(MapReader rule)
    {
        var spec = new RetentionSpec(
            rule.Choice("kind", BackupKinds.All, null), rule.Number("last", 0, 0, MaxKept), rule.Number("hourly", 0, 0, MaxKept),
            rule.Number("daily", 0, 0, MaxKept), rule.Number("weekly", 0, 0, MaxKept), rule.Number("monthly", 0, 0, MaxKept),
            rule.OptionalDuration("within", TimeSpan.FromHours(1), TimeSpan.FromDays(36_500)));
        if (spec is { Last: 0, Hourly: 0, Daily: 0, Weekly: 0, Monthly: 0, Within: null })
        {
            problems.Add(rule.Path, "No rule keeps anything.", "Give at least one of last, hourly, daily, weekly, monthly, within.");
        }

        return spec;
    }

    private IReadOnlyList<string> ConfigurationPaths(MapReader? backups, IReadOnlyList<string> paths)
    {
        for (var i = 0; i < paths.Count; i++)
        {
            if (paths[i].Length > 0 && paths[i].Split('/').Contains(".."))
            {
                problems.Add($"{backups!.At("configurationPaths")}[{i}]", $"{Secrets.Shown(paths[i])} contains '..'.", "An absolute path, or one inside a node's home.");
            }
        }

        return paths;
    }

    private long ProofMemory(MapReader? backups)
    {
        var bytes = backups?.Size("proofMemory", 0) ?? 0;
        if (bytes is > 0 and < MinMemory)
        {
            problems.Add("backups.proofMemory", $"No node starts with {bytes} bytes of memory.", "At least 256MiB, such as 4GiB, or 0 for half of the host's.");
        }

        return bytes;
    }

    private long Rate(MapReader? backups, string key)
    {
        var rate = backups?.Size(key, 0) ?? 0;
        if (rate is > 0 and < MinRate)
        {
            problems.Add("backups." + key, $"{rate} bytes a second is too slow to ever finish.", "At least 64KiB, or 0 for no limit. " + Quantity.SizeForm);
        }

        return rate;
    }
}
