using System.Globalization;
using System.Numerics;
using VirtEngine.DR.Contracts.Chain;

namespace VirtEngine.DR.Activities.Chain;

/// <summary>
/// The answer of <c>/cosmos.slashing.v1beta1.Query/Params</c> (protobuf): signed_blocks_window = 1, min_signed_per_window = 2 (a decimal with 18
/// places, as digits), downtime_jail_duration = 3 (a Duration), in a message at field 1.
/// </summary>
internal static class SlashingParams
{
    public const string Path = "/cosmos.slashing.v1beta1.Query/Params";
    private static readonly BigInteger One = BigInteger.Pow(10, 18);

    /// <summary>Reads it.</summary>
    /// <exception cref="FormatException">It is not such an answer.</exception>
    public static SigningWindow Read(ReadOnlySpan<byte> answer)
    {
        long window = 0;
        var share = BigInteger.Zero;
        var jail = TimeSpan.Zero;
        foreach (var (field, number, from, length) in Fields(Message(answer, 1)))
        {
            switch (field)
            {
                case 1:
                    window = number;
                    break;
                case 2:
                    share = BigInteger.Parse(System.Text.Encoding.ASCII.GetString(Message(answer, 1).Slice(from, length)), NumberStyles.None, CultureInfo.InvariantCulture);
                    break;
                case 3:
                    jail = TimeSpan.FromSeconds(Fields(Message(answer, 1).Slice(from, length)).Where(one => one.Field == 1).Sum(one => one.Number));
                    break;
            }
        }

        if (window <= 0 || share < 0 || share > One)
        {
            throw new FormatException($"a window of {window} blocks and a share of {share}/{One} are no parameters of slashing");
        }

        // As the module does: the share is rounded half to even, and one more than the rest jails.
        var signed = BigInteger.DivRem(share * window, One, out var rest);
        if (rest * 2 > One || (rest * 2 == One && !signed.IsEven))
        {
            signed++;
        }

        return new(window, window - (long)signed, jail);
    }

    private static ReadOnlySpan<byte> Message(ReadOnlySpan<byte> bytes, int field)
    {
        foreach (var (found, _, from, length) in Fields(bytes))
        {
            if (found == field && length > 0)
            {
                return bytes.Slice(from, length);
            }
        }

        throw new FormatException($"the answer has no field {field}");
    }

    private static List<(int Field, long Number, int From, int Length)> Fields(ReadOnlySpan<byte> bytes)
    {
        var fields = new List<(int, long, int, int)>();
        for (var at = 0; at < bytes.Length;)
        {
            var key = Varint(bytes, ref at);
            switch (key & 7)
            {
                case 0:
                    fields.Add(((int)(key >> 3), Varint(bytes, ref at), 0, 0));
                    break;
                case 2:
                    var length = checked((int)Varint(bytes, ref at));
                    if (length < 0 || length > bytes.Length - at)
                    {
                        throw new FormatException("the answer ends within a field");
                    }

                    fields.Add(((int)(key >> 3), 0, at, length));
                    at += length;
                    break;
                default:
                    throw new FormatException($"the answer has a field of wire type {key & 7}");
            }
        }

        return fields;
    }

    private static long Varint(ReadOnlySpan<byte> bytes, ref int at)
    {
        long value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (at >= bytes.Length)
            {
                break;
            }

            var one = bytes[at++];
            value |= (long)(one & 0x7f) << shift;
            if (one < 0x80)
            {
                return value;
            }
        }

        throw new FormatException("the answer ends within a number");
    }
}
