using System.Buffers.Binary;
using System.Reflection.Emit;

namespace CashoutConsole.Tests.Architecture;

/// <summary>The metadata tokens in a method body, in order.</summary>
public static class InstructionTokens
{
    private static readonly Dictionary<short, OperandType> Operands = typeof(OpCodes).GetFields()
        .Select(static field => (OpCode)field.GetValue(null)!)
        .ToDictionary(static code => code.Value, static code => code.OperandType);

    public static IEnumerable<int> Of(byte[] body)
    {
        for (var at = 0; at < body.Length;)
        {
            var code = body[at] == 0xFE ? BinaryPrimitives.ReadInt16BigEndian(body.AsSpan(at)) : body[at];
            at += body[at] == 0xFE ? 2 : 1;
            var operand = Operands[code];
            if (operand is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok)
            {
                yield return BinaryPrimitives.ReadInt32LittleEndian(body.AsSpan(at));
            }
            at += operand switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BinaryPrimitives.ReadInt32LittleEndian(body.AsSpan(at))),
                _ => 4,
            };
        }
    }
}
