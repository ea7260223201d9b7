using System.Globalization;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Estates.Reading;

namespace VirtEngine.DR.Estates.Writing;

internal static class BackupsWriter
{
    public static void Write(YamlText yaml, BackupSpec backups)
    {
        if (backups.SigningKeys.Count > 0)
        {
            yaml.Groups("signingKeys", backups.SigningKeys, k => SigningKey(yaml, k));
        }

        if (backups.Encryption is { } encryption)
        {
            yaml.Group("encryption", () =>
            {
                yaml.Pair("type", encryption.Type);
                yaml.Pair("key", encryption.Key);
                EstateWriter.Flag(yaml, "chainState", encryption.ChainState);
            });
        }

        yaml.Groups("retention", backups.Retention, r => Retention(yaml, r));
        yaml.Groups("schedules", backups.Schedules, s =>
        {
            yaml.Pair("workflow", s.Workflow);
            yaml.Pair("cron", s.Cron);
            yaml.Pair("catchUp", Quantity.Text(s.CatchUp));
        });
        EstateWriter.Texts(yaml, "configurationPaths", backups.ConfigurationPaths);
        if (backups.RateLimit > 0)
        {
            yaml.Pair("rateLimit", Quantity.SizeText(backups.RateLimit));
        }

        if (backups.ReadRate > 0)
        {
            yaml.Pair("readRate", Quantity.SizeText(backups.ReadRate));
        }

        if (backups.IoPriority != new BackupSpec().IoPriority)
        {
            yaml.Pair("ioPriority", backups.IoPriority);
        }

        if (backups.ProofMemory > 0)
        {
            yaml.Pair("proofMemory", Quantity.SizeText(backups.ProofMemory));
        }
    }

    private static void SigningKey(YamlText yaml, SigningKeySpec key)
    {
        yaml.Pair("id", key.Id);
        yaml.Pair("publicKey", key.PublicKey);
        yaml.List("nodes", key.Nodes);
        yaml.List("kinds", key.Kinds);
        yaml.Pair("privateKeyFile", key.PrivateKeyFile);
        yaml.Pair("revokedAt", key.RevokedAt?.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture));
    }

    private static void Retention(YamlText yaml, RetentionSpec rule)
    {
        yaml.Pair("kind", rule.Kind);
        foreach (var (key, value) in new[] { ("last", rule.Last), ("hourly", rule.Hourly), ("daily", rule.Daily), ("weekly", rule.Weekly), ("monthly", rule.Monthly) })
        {
            if (value > 0)
            {
                yaml.Pair(key, value);
            }
        }

        if (rule.Within is { } within)
        {
            yaml.Pair("within", Quantity.Text(within));
        }
    }
}
