using System.Text.Json;
using System.Text.Json.Serialization;
using CashoutConsole.Providers.Contracts;

namespace CashoutConsole.Notices.Domain;

/// <summary>A sum in one currency, in plain notation: "5000.00", "USD".</summary>
public sealed record NoticeAmount(string Amount, string Currency);

/// <summary>
/// What a notice says, as the JSON that is sent and as one English line for chat tools. It leaves the console, so it has ids, times and
/// amounts, and no field that could hold a name, a reason, an account number or a card.
/// </summary>
public sealed record NoticeBody
{
    /// <summary>The subject of a stop that is not for one provider account.</summary>
    public const string Everything = "everything";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter() },
    };

    public required Guid Id { get; init; }

    public required NoticeKind Kind { get; init; }

    /// <summary>A rehearsal moves no money; whoever reads the notice must know.</summary>
    public required OperatingMode Mode { get; init; }

    /// <summary>When it happened; for an unknown outcome, since when it is unknown.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>A request, a withdrawal, a break, a provider account, or "everything".</summary>
    public required string SubjectId { get; init; }

    /// <summary>The kind of request or break.</summary>
    public string? SubjectKind { get; init; }

    /// <summary>The withdrawal, where it is about exactly one.</summary>
    public Guid? WithdrawalId { get; init; }

    /// <summary>One per currency; empty where no money is meant.</summary>
    public required IReadOnlyList<NoticeAmount> Amounts { get; init; }

    /// <summary>The page of the console that shows it.</summary>
    [JsonIgnore]
    public string Path => Kind switch
    {
        NoticeKind.ApprovalWaiting => "/approvals",
        NoticeKind.UnknownTooOld or NoticeKind.BreakOpened => $"/withdrawals/{WithdrawalId}",
        NoticeKind.SendingStopped => "/providers",
        NoticeKind.Test => "/notices",
    };

    public static NoticeBody Read(string json) => JsonSerializer.Deserialize<NoticeBody>(json, Json) ?? throw new JsonException("A notice's body is no JSON object.");

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <param name="publicBaseUrl">Where people reach the console; null = no link.</param>
    public string ToLine(string? publicBaseUrl)
    {
        var amounts = string.Join(" + ", Amounts.Select(static sum => $"{sum.Amount} {sum.Currency}"));
        var money = amounts.Length == 0 ? "" : amounts + ", ";
        var words = Kind switch
        {
            NoticeKind.ApprovalWaiting => $"Approval waiting: {money}request {SubjectId}",
            NoticeKind.UnknownTooOld => $"Outcome unknown since {OccurredAt.UtcDateTime:yyyy-MM-dd HH:mm} UTC: {money}withdrawal {SubjectId}",
            NoticeKind.BreakOpened => $"Break opened: {money}break {SubjectId}",
            NoticeKind.SendingStopped => $"Sending stopped: {(SubjectId == Everything ? Everything : $"provider account {SubjectId}")}",
            NoticeKind.Test => $"Test notice {Id}",
        };
        var rehearsal = Mode == OperatingMode.Rehearsal ? "[Rehearsal] " : "";
        var link = string.IsNullOrWhiteSpace(publicBaseUrl) ? "" : $" {publicBaseUrl.TrimEnd('/')}{Path}";
        return $"{rehearsal}{words}{link}";
    }
}
