using System.Globalization;
using Temporalio.Exceptions;
using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Contracts;

namespace VirtEngine.DR.Activities.Nodes.Systemd;

/// <summary>The user and group that a unit runs as, by number.</summary>
internal static class UnitOwner
{
    /// <summary>Reads <c>User=</c> and <c>Group=</c>; null for a unit that names no user (it runs as root).</summary>
    public static (uint User, uint Group)? Of(string unit, string shown, string passwd = "/etc/passwd", string groups = "/etc/group")
    {
        var values = shown.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('=', 2)).Where(pair => pair.Length == 2).ToDictionary(pair => pair[0], pair => pair[1].Trim(), StringComparer.Ordinal);
        if (values.GetValueOrDefault("User") is not { Length: > 0 } user)
        {
            return null;
        }

        var entry = Entry(passwd, user) ?? throw Unknown(unit, "User", user, passwd);
        var group = values.GetValueOrDefault("Group") is { Length: > 0 } named
            ? Number((Entry(groups, named) ?? throw Unknown(unit, "Group", named, groups))[2])
            : Number(entry[3]);
        return (Number(entry[2]), group);
    }

    private static string[]? Entry(string file, string name) => File.Exists(file)
        ? File.ReadLines(file).Select(line => line.Split(':')).FirstOrDefault(fields => fields.Length > 3 && (fields[0] == name || fields[2] == name))
        : null;

    private static uint Number(string text) => uint.Parse(text, CultureInfo.InvariantCulture);

    private static ApplicationFailureException Unknown(string unit, string field, string name, string file) => Failures.Permanent(
        ErrorTypes.NotFound, $"unit '{unit}' has {field}={name}, and '{file}' knows no such one: make it on this host, or give the home to the node's user yourself and retry");
}
