using System.CommandLine;
using VirtEngine.DR.Estates;
using VirtEngine.DR.Starter.Session;

namespace VirtEngine.DR.Starter.Commands;

/// <summary><c>estate check|show|init</c>.</summary>
internal static class EstateCommand
{
    public static Command Create(CommandContext context)
    {
        var check = new Command("check", "Read the estate and say every mistake at once, with its line and what is allowed.");
        context.Bind(check, (session, _, _) =>
        {
            session.RequireEstateFile();
            var report = EstateCheck.Run(session.Settings.EstateFile);
            if (session.Settings.Json)
            {
                session.Json(report);
            }
            else
            {
                (report.Valid ? session.Io.Out : session.Io.Error).WriteLine(report.ToText());
            }

            return Task.FromResult(report.Valid ? ExitCodes.Ok : ExitCodes.Usage);
        });
        var show = new Command("show", "The estate as it is understood, defaults filled in.");
        context.Bind(show, (session, _, _) =>
        {
            var loaded = session.Estate();
            if (session.Settings.Json)
            {
                session.Json(loaded.Estate);
                return Task.FromResult(ExitCodes.Ok);
            }

            session.Line($"{loaded.Estate.Name}  chain {loaded.Estate.Chain.Id}  digest {loaded.Digest[..8]}{(loaded.Estate.Simulated ? "  simulated" : "")}");
            foreach (var region in loaded.Estate.Regions)
            {
                session.Line($"region {region.Name,-16} {region.Role,-10} {region.Bucket?.Url ?? "no bucket"}");
                foreach (var node in loaded.Estate.Nodes.Where(node => node.Region == region.Name))
                {
                    session.Line($"  node {node.Name,-16} {node.Kind,-10} {node.Control.Type,-10} backup {node.Backup,-9} {node.Home}");
                }
            }

            return Task.FromResult(ExitCodes.Ok);
        });
        return new Command("estate", "Describe what you run, and check it.") { check, EstateInitCommand.Create(context), show };
    }
}
