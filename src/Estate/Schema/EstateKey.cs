namespace VirtEngine.DR.Estates;

/// <summary>One key of <c>estate.yaml</c>, as the loader knows it and the reference page describes it.</summary>
/// <param name="Name">The key.</param>
/// <param name="Form">What may stand there.</param>
/// <param name="Default">What holds when it is left out; <c>required</c> where it may not be.</param>
/// <param name="Meaning">What it means, in one sentence.</param>
public sealed record EstateKey(string Name, string Form, string Default, string Meaning);
