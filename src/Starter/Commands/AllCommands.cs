using System.CommandLine;
using VirtEngine.DR.Starter.Session;

namespace VirtEngine.DR.Starter.Commands;

/// <summary>Every command, in the order of the help text.</summary>
internal static class AllCommands
{
    public static IEnumerable<Command> Create(CommandContext context) =>
    [
        RunCommand.Create(context),
        StatusCommand.Create(context),
        ApproveCommand.Create(context),
        .. SimpleVerbCommands.Create(context),
        AbortCommand.Create(context),
        RecoveryPlanCommand.Create(context),
        RepairCommand.Create(context),
        ReportCommand.Create(context),
        IncidentsCommand.Create(context),
        BackupCommand.Create(context),
        RpoCommand.Create(context),
        SchedulesCommand.Create(context),
        EstateCommand.Create(context),
        DnsCommand.Create(context),
        WorkerCommand.Create(context),
        EngineCommand.Create(context),
        SignerCommand.Create(context),
        DemoCommand.Create(context),
    ];
}
