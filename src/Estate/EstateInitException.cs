namespace VirtEngine.DR.Estates;

/// <summary>A first estate could not be written; the message says why and what to do. Nothing was written.</summary>
/// <param name="message">Why, and what to do.</param>
public sealed class EstateInitException(string message) : Exception(message);
