namespace VirtEngine.DR.Starter.Demo;

/// <summary>How the demo is played.</summary>
/// <param name="Folder">Where everything lives; made by the demo.</param>
/// <param name="Keep">Leave nodes' homes and buckets there at the end; the evidence always stays.</param>
/// <param name="Starter">Who starts the restore.</param>
/// <param name="Approver">The second person.</param>
/// <param name="AskAtKeyboard">Ask for the approval; else the second person gives it by itself.</param>
internal sealed record DemoOptions(string Folder, bool Keep, string Starter, string Approver, bool AskAtKeyboard);
