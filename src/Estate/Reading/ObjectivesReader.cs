using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Estates.Rules;

namespace VirtEngine.DR.Estates.Reading;

/// <summary>The objectives as full tables: what the file leaves out is the plan's.</summary>
internal sealed class ObjectivesReader(Problems problems)
{
    private static readonly TimeSpan MaxRpo = TimeSpan.FromDays(31);

    public ObjectivesSpec Read(MapReader root)
    {
        var objectives = root.Group("objectives", EstateSchema.Objectives);
        var rto = objectives?.Group("rto", EstateSchema.Rto);
        var rows = EstateSchema.Rto.Keys.ToDictionary(k => k.Name, k => rto?.Group(k.Name, EstateSchema.RtoRow));
        var rpo = objectives?.Group("rpo", EstateSchema.Rpo);
        return new ObjectivesSpec(
            [.. EstateDefaults.Rto.Select(d => d with { Target = Target(rows[EnumNames<NodeKind>.Of(d.Component)], d) })],
            [.. EstateDefaults.Rpo.Select(d => d with { Target = rpo?.Duration(d.Kind, d.Target, TimeSpan.Zero, MaxRpo) ?? d.Target })]);
    }

    private TimeSpan? Target(MapReader? row, RtoSpec fallback)
    {
        if (row is null || !row.Has(fallback.Class))
        {
            return fallback.Target;
        }

        switch (row.Text(fallback.Class))
        {
            case null:
                return fallback.Target;
            case "n/a":
                return null;
            case { } text when Quantity.TryDuration(text, out var target) && target > TimeSpan.Zero:
                return target;
            case { } text:
                problems.Add(row.At(fallback.Class), $"{Secrets.Shown(text)} is not an objective.", "A duration above zero, or n/a. " + Quantity.DurationForm);
                return fallback.Target;
        }
    }
}
