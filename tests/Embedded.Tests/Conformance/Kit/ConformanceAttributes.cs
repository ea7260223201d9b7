using Temporalio.Common;

namespace VirtEngine.DR.Embedded.Tests.Conformance;

/// <summary>The search attributes that scenarios use; registered on both servers.</summary>
public static class ConformanceAttributes
{
    /// <summary>A keyword.</summary>
    public static readonly SearchAttributeKey<string> Word = SearchAttributeKey.CreateKeyword("ConformWord");

    /// <summary>An integer.</summary>
    public static readonly SearchAttributeKey<long> Number = SearchAttributeKey.CreateLong("ConformNumber");

    /// <summary>A time.</summary>
    public static readonly SearchAttributeKey<DateTimeOffset> Moment = SearchAttributeKey.CreateDateTimeOffset("ConformMoment");

    /// <summary>A truth value.</summary>
    public static readonly SearchAttributeKey<bool> Flag = SearchAttributeKey.CreateBool("ConformFlag");

    /// <summary>A fraction.</summary>
    public static readonly SearchAttributeKey<double> Share = SearchAttributeKey.CreateDouble("ConformShare");

    /// <summary>Several keywords.</summary>
    public static readonly SearchAttributeKey<IReadOnlyCollection<string>> Words = SearchAttributeKey.CreateKeywordList("ConformWords");

    /// <summary>All of them with their types on the wire.</summary>
    public static IReadOnlyDictionary<string, Temporalio.Api.Enums.V1.IndexedValueType> All { get; } =
        new Dictionary<string, Temporalio.Api.Enums.V1.IndexedValueType>
        {
            [Word.Name] = Word.ValueType,
            [Number.Name] = Number.ValueType,
            [Moment.Name] = Moment.ValueType,
            [Flag.Name] = Flag.ValueType,
            [Share.Name] = Share.ValueType,
            [Words.Name] = Words.ValueType,
        };
}
