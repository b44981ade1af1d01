using CashoutConsole.Foundation;
using Microsoft.Extensions.Localization;

namespace CashoutConsole.Controls;

/// <summary>The operator's words for things that code names: expected failures, enum values.</summary>
public static class LocalizedTerms
{
    /// <summary>
    /// The text "Error_{Code}" with the error's arguments, terms of the model among them by their names; a code without a text shows the
    /// general failure.
    /// </summary>
    public static string TextOf(this IStringLocalizer<Strings> texts, Error error)
    {
        var text = texts["Error_" + error.Code, [.. error.Arguments.Select(argument => argument is Enum term ? NameOf(texts, term) : argument)]];
        return text.ResourceNotFound ? texts["Error_Unexpected"] : text;
    }

    private static object NameOf(IStringLocalizer<Strings> texts, Enum term)
    {
        var name = texts[$"{term.GetType().Name}_{term}"];
        return name.ResourceNotFound ? term : name.Value;
    }

    /// <summary>The text "{TypeName}_{Value}", or "{prefix}_{Value}" where the resources use a shorter prefix.</summary>
    public static string NameOf<TEnum>(this IStringLocalizer<Strings> texts, TEnum value, string? prefix = null)
        where TEnum : struct, Enum =>
        texts[$"{prefix ?? typeof(TEnum).Name}_{value}"];

    /// <summary>Who acted: a person by name, anything else by its kind and part ("System · dispatcher").</summary>
    public static string WhoOf(this IStringLocalizer<Strings> texts, ActorKind kind, string name) =>
        kind == ActorKind.Operator ? name : $"{texts["Actor_" + kind]} · {name}";
}
