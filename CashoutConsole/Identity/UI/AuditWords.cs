using System.Text.Encodings.Web;
using System.Text.Json;
using CashoutConsole.Audit.Domain;
using CashoutConsole.Controls;
using CashoutConsole.Foundation;
using Microsoft.Extensions.Localization;

namespace CashoutConsole.Identity.UI;

/// <summary>How pages speak of audit entries.</summary>
internal static class AuditWords
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What entries can be about, by its stable name. Resource key "Subject_{name with dashes as underscores}".</summary>
    public static readonly IReadOnlyList<string> SubjectTypes =
    [
        "withdrawal", "approval", "policy", "account", "break", "provider-account", "sending", "notice", "operator", "sign-in", "invite", "set-up", "use-case", "audit", "withdrawals", "database", "system",
    ];

    public static string ActionName(this IStringLocalizer<Strings> texts, string action) => Named(texts, "Audit_" + action.Replace('.', '_').Replace('-', '_'), action);

    public static string SubjectName(this IStringLocalizer<Strings> texts, string type) => Named(texts, "Subject_" + type.Replace('-', '_'), type);

    public static Tone ToneOf(AuditResult result) => result switch
    {
        AuditResult.Ok => Tone.Neutral,
        AuditResult.Refused => Tone.Warning,
        AuditResult.Failed => Tone.Danger,
    };

    /// <summary>The page of the subject, or null where it has none.</summary>
    public static string? HrefOf(AuditEntry entry) => entry.SubjectType switch
    {
        "withdrawal" => $"/withdrawals/{entry.SubjectId}",
        "account" => $"/accounts/{entry.SubjectId}",
        "break" when entry.CorrelationId is { } withdrawal => $"/withdrawals/{withdrawal}",
        "provider-account" or "sending" => "/providers",
        "notice" => "/notices",
        _ => null,
    };

    /// <summary>One line a field; text that is no JSON stays as it is.</summary>
    public static string Pretty(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return JsonSerializer.Serialize(document.RootElement, Indented);
        }
        catch (JsonException)
        {
            return json;
        }
    }

    /// <summary>An entry of a newer or older version may carry a name that this one does not know: then its code is the name.</summary>
    private static string Named(IStringLocalizer<Strings> texts, string key, string fallback)
    {
        var text = texts[key];
        return text.ResourceNotFound ? fallback : text;
    }
}
