namespace CashoutConsole.Controls;

/// <summary>A part of a <see cref="ProgressLine"/>: "48 paid", in its colour.</summary>
public sealed record ProgressPart(string Label, int Count, Tone Tone);
