using System.Security.Cryptography;
using System.Text;
using Temporalio.Api.Enums.V1;
using Temporalio.Client;
using Temporalio.Client.Schedules;
using Temporalio.Exceptions;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Estates;
using ScheduleSpec = VirtEngine.DR.Contracts.Estates.ScheduleSpec;

namespace VirtEngine.DR.Starter.Schedules;

/// <summary>
/// Brings the server's schedules in line with the estate. A schedule reads back as calendars, so what was wanted is remembered as a
/// digest in its note and compared by that. Applying twice changes nothing; a pause that a person set stays.
/// </summary>
internal sealed class ScheduleBook(ITemporalClient client)
{
    private const string Prefix = "virtengine-dr.";
    private const string NotePrefix = "virtengine-dr estate ";

    /// <summary>Creates and changes what the estate wants; with <paramref name="remove"/> deletes ours that it does not want.</summary>
    public async Task<IReadOnlyList<ScheduleReport>> ApplyAsync(Estate estate, bool remove, CancellationToken cancellationToken)
    {
        var there = await OursAsync(cancellationToken).ConfigureAwait(false);
        var reports = new List<ScheduleReport>();
        foreach (var spec in estate.Backups.Schedules)
        {
            var id = Prefix + spec.Workflow;
            var handle = client.GetScheduleHandle(id);
            var state = "as wanted";
            if (!there.TryGetValue(id, out var found))
            {
                state = await CreateAsync(id, spec, cancellationToken).ConfigureAwait(false) ? "created" : "as wanted";
            }
            else if (!IsOf(found, spec))
            {
                await handle.UpdateAsync(
                    input => new ScheduleUpdate(Wanted(id, spec, input.Description.Schedule.State), null), Rpc(cancellationToken))
                    .ConfigureAwait(false);
                state = "changed";
            }

            reports.Add(Report(id, spec, state, await handle.DescribeAsync(Rpc(cancellationToken)).ConfigureAwait(false)));
        }

        foreach (var (id, found) in there.Where(pair => estate.Backups.Schedules.All(spec => Prefix + spec.Workflow != pair.Key)))
        {
            if (remove)
            {
                await client.GetScheduleHandle(id).DeleteAsync(Rpc(cancellationToken)).ConfigureAwait(false);
            }

            reports.Add(Report(id, null, remove ? "removed" : "not in the estate", found));
        }

        return reports;
    }

    /// <summary>Compares without changing anything.</summary>
    public async Task<IReadOnlyList<ScheduleReport>> ListAsync(Estate estate, CancellationToken cancellationToken)
    {
        var there = await OursAsync(cancellationToken).ConfigureAwait(false);
        var wanted = estate.Backups.Schedules.Select(spec => there.TryGetValue(Prefix + spec.Workflow, out var found)
            ? Report(Prefix + spec.Workflow, spec, IsOf(found, spec) ? "as wanted" : "different", found)
            : new ScheduleReport(Prefix + spec.Workflow, spec.Workflow, spec.Cron, spec.CatchUp, "missing", false, [], 0, 0));
        var others = there.Where(pair => estate.Backups.Schedules.All(spec => Prefix + spec.Workflow != pair.Key))
            .Select(pair => Report(pair.Key, null, "not in the estate", pair.Value));
        return [.. wanted, .. others];
    }

    /// <summary>What the schedule shall be: overlap forbidden, catch-up bounded, never paused by a failure.</summary>
    internal static Schedule Wanted(string id, ScheduleSpec spec, ScheduleState? before) => new(
        ScheduleActionStartWorkflow.Create(spec.Workflow, [Input(spec.Workflow)], new WorkflowOptions(spec.Workflow, Names.ControlQueue)
        {
            StaticSummary = $"scheduled: {id} ({spec.Cron})",
        }),
        new Temporalio.Client.Schedules.ScheduleSpec { CronExpressions = [spec.Cron], TimeZoneName = "UTC" })
    {
        Policy = new SchedulePolicy
        {
            Overlap = ScheduleOverlapPolicy.Skip,
            CatchupWindow = spec.CatchUp,
            PauseOnFailure = false,
        },
        State = new ScheduleState { Note = Note(spec) + Remark(before), Paused = before?.Paused ?? false },
    };

    private async Task<bool> CreateAsync(string id, ScheduleSpec spec, CancellationToken cancellationToken)
    {
        try
        {
            await client.CreateScheduleAsync(id, Wanted(id, spec, null), new ScheduleOptions { Rpc = Rpc(cancellationToken) })
                .ConfigureAwait(false);
            return true;
        }
        catch (ScheduleAlreadyRunningException)
        {
            // Somebody else applied the estate at the same moment, or the server's listing lags behind.
            await client.GetScheduleHandle(id).UpdateAsync(
                input => new ScheduleUpdate(Wanted(id, spec, input.Description.Schedule.State), null), Rpc(cancellationToken))
                .ConfigureAwait(false);
            return false;
        }
    }

    private async Task<SortedDictionary<string, ScheduleDescription>> OursAsync(CancellationToken cancellationToken)
    {
        var ours = new SortedDictionary<string, ScheduleDescription>(StringComparer.Ordinal);
        await foreach (var listed in client.ListSchedulesAsync().WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (listed.Id.StartsWith(Prefix, StringComparison.Ordinal))
            {
                ours[listed.Id] = await client.GetScheduleHandle(listed.Id).DescribeAsync(Rpc(cancellationToken)).ConfigureAwait(false);
            }
        }

        return ours;
    }

    private static object Input(string workflow) => workflow switch
    {
        WorkflowTypes.VerifyBackups => new VerifyInput(),
        WorkflowTypes.PruneBackups => new PruneInput { DryRun = false },
        WorkflowTypes.CheckSchedules => new ScheduleCheckInput(),
        WorkflowTypes.TrustAnchors => new AnchorInput(),
        _ => new BackupInput(),
    };

    /// <summary>Covers everything that <see cref="Wanted"/> makes of a spec; raise the version when that changes.</summary>
    private static string Note(ScheduleSpec spec) => NotePrefix
        + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"1|{spec.Workflow}|{spec.Cron}|{spec.CatchUp.Ticks}")))[..16];

    private static bool IsOf(ScheduleDescription found, ScheduleSpec spec) =>
        found.Schedule.State.Note?.StartsWith(Note(spec), StringComparison.Ordinal) == true;

    /// <summary>Why a person paused it stays behind our digest.</summary>
    private static string Remark(ScheduleState? before) => before switch
    {
        { Note: { Length: > 0 } note } when !note.StartsWith(NotePrefix, StringComparison.Ordinal) => "; " + note,
        { Note: { Length: > 0 } note } when note.IndexOf("; ", StringComparison.Ordinal) is var at and >= 0 => note[at..],
        _ => "",
    };

    private static ScheduleReport Report(string id, ScheduleSpec? spec, string state, ScheduleDescription found) => new(
        id,
        spec?.Workflow ?? (found.Schedule.Action as ScheduleActionStartWorkflow)?.Workflow ?? id[Prefix.Length..],
        spec?.Cron,
        spec?.CatchUp,
        state,
        found.Schedule.State.Paused,
        [.. found.Info.NextActionTimes.Take(3).Select(time => new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc)))],
        found.Info.NumActionsMissedCatchupWindow,
        found.Info.NumActionsSkippedOverlap);

    private static RpcOptions Rpc(CancellationToken cancellationToken) => new() { CancellationToken = cancellationToken };
}
