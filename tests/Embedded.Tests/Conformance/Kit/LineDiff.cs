namespace VirtEngine.DR.Embedded.Tests.Conformance;

/// <summary>Two lists of lines side by side: what only one has, with the lines around it.</summary>
public static class LineDiff
{
    /// <summary>The differing lines: "-" only in the first, "+" only in the second, " " common; empty when they agree.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<string> first, IReadOnlyList<string> second, int around = 2)
    {
        int[,] common = new int[first.Count + 1, second.Count + 1];
        for (int i = first.Count - 1; i >= 0; i--)
        {
            for (int j = second.Count - 1; j >= 0; j--)
            {
                common[i, j] = first[i] == second[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
            }
        }

        List<string> all = [];
        for (int i = 0, j = 0; i < first.Count || j < second.Count;)
        {
            if (i < first.Count && j < second.Count && first[i] == second[j])
            {
                all.Add("  " + first[i++]);
                j++;
            }
            else if (j >= second.Count || (i < first.Count && common[i + 1, j] >= common[i, j + 1]))
            {
                all.Add("- " + first[i++]);
            }
            else
            {
                all.Add("+ " + second[j++]);
            }
        }

        bool[] shown = new bool[all.Count];
        for (int i = 0; i < all.Count; i++)
        {
            if (all[i][0] != ' ')
            {
                Array.Fill(shown, true, Math.Max(0, i - around), Math.Min(all.Count, i + around + 1) - Math.Max(0, i - around));

                // The event that an attribute belongs to.
                for (int head = i; head >= 0; head--)
                {
                    if (!all[head][2..].StartsWith("  ", StringComparison.Ordinal))
                    {
                        shown[head] = true;
                        break;
                    }
                }
            }
        }

        return [.. all.Where((_, i) => shown[i])];
    }
}
