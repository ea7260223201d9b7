using VirtEngine.DR.Contracts.Incidents;

namespace VirtEngine.DR.Starter.Incidents;

/// <summary>What is owed after one run.</summary>
/// <param name="Aftermath">The workflow that reminds of it.</param>
/// <param name="Status">Its status on the server: it is Running while anything is open.</param>
/// <param name="State">What is owed; null where no worker has begun it yet.</param>
internal sealed record AftermathSummary(string Aftermath, string Status, AftermathState? State);
