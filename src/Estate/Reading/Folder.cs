namespace VirtEngine.DR.Estates.Reading;

/// <summary>The folder of the estate's file, against which relative paths are resolved.</summary>
internal sealed record Folder(string Path)
{
    public string Resolve(string path) => System.IO.Path.GetFullPath(path, Path);
}
