using System.Globalization;
using System.Text;

namespace VirtEngine.DR.Simulation.Store;

/// <summary>What belongs to a database: the table numbers of both levels and where its journal starts. Changed by edits only.</summary>
internal sealed class Version
{
    /// <summary>Fresh tables, the newest last; they may overlap.</summary>
    public List<long> Level0 { get; } = [];

    /// <summary>Merged tables in key order; they never overlap.</summary>
    public List<long> Level1 { get; } = [];

    /// <summary>Journals below this number are in tables already.</summary>
    public long JournalNumber { get; set; }

    /// <summary>The next free file number.</summary>
    public long NextFile { get; set; } = 1;

    /// <summary>Applies an edit as <see cref="Edit"/> writes it.</summary>
    public void Apply(byte[] edit)
    {
        foreach (var line in Encoding.ASCII.GetString(edit).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var words = line.Split(' ');
            var number = long.Parse(words[1], CultureInfo.InvariantCulture);
            switch (words[0])
            {
                case "journal": JournalNumber = number; break;
                case "next": NextFile = number; break;
                case "add0": Level0.Add(number); break;
                case "add1": Level1.Add(number); break;
                case "drop": Level0.Remove(number); Level1.Remove(number); break;
                default: throw new InvalidDataException($"unknown edit '{line}' in a MANIFEST");
            }
        }
    }

    /// <summary>An edit: what to drop, then what to add, then the counters as they stand.</summary>
    public byte[] Edit(IEnumerable<long> drop, IEnumerable<long> add0, IEnumerable<long> add1)
    {
        var text = new StringBuilder();
        Append("drop", drop);
        Append("add0", add0);
        Append("add1", add1);
        Append("journal", [JournalNumber]);
        Append("next", [NextFile]);
        return Encoding.ASCII.GetBytes(text.ToString());

        void Append(string verb, IEnumerable<long> numbers)
        {
            foreach (var number in numbers)
            {
                text.Append(verb).Append(' ').Append(number.ToString(CultureInfo.InvariantCulture)).Append('\n');
            }
        }
    }
}
