namespace VirtEngine.DR.Contracts.Incidents;

/// <summary>The run that an escalation or an aftermath belongs to.</summary>
/// <param name="WorkflowId">The run.</param>
/// <param name="FirstRunId">Its first execution.</param>
/// <param name="Runbook">Its runbook, such as RB-DR-001.</param>
/// <param name="Target">What it acts on, such as <c>node/fullnode-0</c>.</param>
/// <param name="IncidentClass">D1 to D5.</param>
/// <param name="Operator">Who started it, or has it now; claimed.</param>
/// <param name="Practice">Every notification says so.</param>
public sealed record IncidentRun(
    string WorkflowId, string FirstRunId, string Runbook, string Target, string IncidentClass, string Operator, bool Practice);
