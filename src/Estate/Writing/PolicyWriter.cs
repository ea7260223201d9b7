using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Estates.Reading;

namespace VirtEngine.DR.Estates.Writing;

internal static class PolicyWriter
{
    public static void Write(YamlText yaml, Estate estate)
    {
        Objectives(yaml, estate.Objectives);
        yaml.Blank();
        yaml.Group("approvals", () => Approvals(yaml, estate.Approvals));
        yaml.Blank();
        yaml.Group("watch", () =>
        {
            yaml.Pair("period", Quantity.Text(estate.Watch.Period));
            yaml.Pair("relapses", estate.Watch.Relapses);
        });
        if (estate.Observe.From.Count > 0)
        {
            yaml.Blank();
            yaml.Group("observe", () => EstateWriter.Texts(yaml, "from", estate.Observe.From));
        }

        if (estate.Contacts.Count > 0)
        {
            yaml.Blank();
            yaml.Groups("contacts", estate.Contacts, c =>
            {
                yaml.Pair("role", c.Role);
                yaml.Pair("contact", c.Contact);
                EstateWriter.Texts(yaml, "classes", c.Classes);
                yaml.Pair("escalateAfter", c.EscalateAfter is { } after ? Quantity.Text(after) : null);
            });
        }

        if (estate.Channels.Count > 0)
        {
            yaml.Blank();
            yaml.Groups("channels", estate.Channels, c =>
            {
                yaml.Pair("name", c.Name);
                yaml.Pair("type", c.Type);
                yaml.Pair("url", c.Url.Length > 0 ? c.Url : null);
                yaml.Pair("secretFile", c.SecretFile);
                EstateWriter.Texts(yaml, "classes", c.Classes);
            });
        }

        if (estate.Forensics is { } forensics)
        {
            yaml.Blank();
            yaml.Group("forensics", () => yaml.Group("bucket", () =>
            {
                yaml.Pair("region", forensics.Bucket.Region);
                EstateWriter.Bucket(yaml, forensics.Bucket);
            }));
        }

        if (estate.Evidence is not null || estate.Signing is not null || estate.Server is not null)
        {
            yaml.Blank();
        }

        yaml.Pair("evidence", estate.Evidence);
        if (estate.Signing is { } signing)
        {
            yaml.Group("signing", () => SigningWriter.Write(yaml, signing));
        }

        if (estate.Server is { } server)
        {
            yaml.Group("server", () =>
            {
                yaml.Pair("address", server.Address);
                yaml.Pair("namespace", server.Namespace);
                yaml.Pair("tls", server.Tls);
            });
        }
    }

    /// <summary>Only what differs from the plan's tables, so that a reader sees what somebody decided.</summary>
    private static void Objectives(YamlText yaml, ObjectivesSpec objectives)
    {
        var rto = objectives.Rto.Except(EstateDefaults.Rto).GroupBy(r => r.Component).ToList();
        var rpo = objectives.Rpo.Except(EstateDefaults.Rpo).ToList();
        if (rto.Count == 0 && rpo.Count == 0)
        {
            return;
        }

        yaml.Blank();
        yaml.Group("objectives", () =>
        {
            if (rto.Count > 0)
            {
                yaml.Group("rto", () => rto.ForEach(row => yaml.Group(EnumNames<NodeKind>.Of(row.Key), () =>
                {
                    foreach (var objective in row)
                    {
                        yaml.Pair(objective.Class, objective.Target is { } target ? Quantity.Text(target) : "n/a");
                    }
                })));
            }

            if (rpo.Count > 0)
            {
                yaml.Group("rpo", () => rpo.ForEach(r => yaml.Pair(r.Kind, Quantity.Text(r.Target))));
            }
        });
    }

    private static void Approvals(YamlText yaml, ApprovalSpec approvals)
    {
        yaml.Pair("required", approvals.Required);
        EstateWriter.Texts(yaml, "approvers", approvals.Approvers);
        yaml.Pair("starterMayApprove", approvals.StarterMayApprove);
        yaml.Pair("timeout", Quantity.Text(approvals.Timeout));
        yaml.Pair("onTimeout", approvals.OnTimeout);
        EstateWriter.Texts(yaml, "notNeededFor", [.. approvals.NotNeededFor.Select(EnumNames<NodeKind>.Of)]);
    }
}
