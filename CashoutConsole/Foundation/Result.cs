using System.Diagnostics.CodeAnalysis;

namespace CashoutConsole.Foundation;

/// <summary>
/// An expected failure. <see cref="Code"/> is stable and names the text shown to people (resource key "Error_{Code}", formatted with
/// <see cref="Arguments"/>); exceptions are left to bugs.
/// </summary>
public sealed record Error(string Code, params object[] Arguments)
{
    public static readonly Error None = new("None");

    public bool Is(string code) => string.Equals(Code, code, StringComparison.Ordinal);

    public override string ToString() => Arguments.Length == 0 ? Code : $"{Code} ({string.Join(", ", Arguments)})";
}

/// <summary>Either a value or an <see cref="Error"/>.</summary>
public readonly struct Result<T>
{
    private readonly T? _value;

    private Result(T? value, Error? error)
    {
        _value = value;
        Error = error;
    }

    public Error? Error { get; }

    [MemberNotNullWhen(false, nameof(Error))]
    public bool IsSuccess => Error is null;

    public T Value => Error is null ? _value! : throw new InvalidOperationException($"The result is an error: {Error}");

    /// <summary>For values that an implicit conversion cannot carry: null and interfaces.</summary>
#pragma warning disable CA1000 // The type argument is what is being made here.
    public static Result<T> Success(T value) => new(value, null);
#pragma warning restore CA1000

    public static implicit operator Result<T>(T value) => new(value, null);

    public static implicit operator Result<T>(Error error) => new(default, error);

    public TOut Match<TOut>(Func<T, TOut> success, Func<Error, TOut> failure) => Error is null ? success(_value!) : failure(Error);
}

/// <summary>The value of a use case that returns nothing but success.</summary>
public readonly record struct Done
{
    public static readonly Done Value;
}
