using VirtEngine.DR.Starter.Connection;

namespace VirtEngine.DR.Starter.Session;

/// <summary>The global options as read.</summary>
/// <param name="Json">Results as JSON on stdout.</param>
/// <param name="EstateFile">Where the estate is.</param>
/// <param name="By">Who is at the keyboard; empty when nobody knows.</param>
/// <param name="Color">Colours where the terminal has them.</param>
/// <param name="Server">The server as far as flags say.</param>
internal sealed record GlobalSettings(bool Json, string EstateFile, string By, bool Color, ServerFlags Server);
