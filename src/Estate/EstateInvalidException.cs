namespace VirtEngine.DR.Estates;

/// <summary>An estate has mistakes; it holds all of them at once, in the file's order.</summary>
public sealed class EstateInvalidException : Exception
{
    /// <summary>Says which file has which mistakes.</summary>
    /// <param name="fileName">The file as the operator named it.</param>
    /// <param name="problems">Its mistakes; at least one.</param>
    public EstateInvalidException(string fileName, IReadOnlyList<EstateProblem> problems)
        : base(EstateText.Problems(fileName, problems))
    {
        FileName = fileName;
        Problems = problems;
    }

    /// <summary>The file as the operator named it.</summary>
    public string FileName { get; }

    /// <summary>The mistakes, by line and column.</summary>
    public IReadOnlyList<EstateProblem> Problems { get; }
}
