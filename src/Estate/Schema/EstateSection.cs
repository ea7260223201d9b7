namespace VirtEngine.DR.Estates;

/// <summary>A group of keys of <c>estate.yaml</c>.</summary>
/// <param name="Path">Where it stands, such as <c>nodes[].control</c>; empty for the file itself.</param>
/// <param name="Meaning">What it is for.</param>
/// <param name="Keys">Its keys in the order that the writer uses.</param>
public sealed record EstateSection(string Path, string Meaning, IReadOnlyList<EstateKey> Keys);
