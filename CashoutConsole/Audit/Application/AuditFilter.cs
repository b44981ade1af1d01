using System.Text.Json.Serialization;
using CashoutConsole.Audit.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Persistence;

namespace CashoutConsole.Audit.Application;

/// <summary>What the audit list shows; the export writes exactly the same rows.</summary>
public sealed record AuditFilter
{
    public DateTimeOffset? From { get; init; }

    public DateTimeOffset? To { get; init; }

    /// <summary>Part of the actor's name or the whole id.</summary>
    public string? Actor { get; init; }

    public string? Action { get; init; }

    public string? SubjectType { get; init; }

    /// <summary>The subject's id, or the id that ties cause and effect together.</summary>
    public string? Subject { get; init; }

    public AuditResult? Result { get; init; }

    /// <summary>Null = fine. A card number in any field is refused before it reaches a query or the record of an export.</summary>
    public Error? FaultOf() => new[] { Actor, Action, SubjectType, Subject }.Any(static text => CardNumbers.ContainsCardNumber(text)) ? new Error("CardNumberInText") : null;

    [JsonIgnore]
    public bool IsEmpty => this == new AuditFilter();

    public IQueryable<AuditEntry> Apply(IQueryable<AuditEntry> entries)
    {
        entries = From is { } from ? entries.Where(e => e.At >= from) : entries;
        entries = To is { } to ? entries.Where(e => e.At < to) : entries;
        entries = Action is { Length: > 0 } action ? entries.Where(e => e.Action == action) : entries;
        entries = SubjectType is { Length: > 0 } type ? entries.Where(e => e.SubjectType == type) : entries;
        entries = Result is { } result ? entries.Where(e => e.Result == result) : entries;
        if (!string.IsNullOrWhiteSpace(Actor))
        {
            var actor = Actor.Trim();
            entries = entries.Where(e => e.ActorId == actor || e.ActorName.Contains(actor) || e.OnBehalfOf == actor);
        }
        if (!string.IsNullOrWhiteSpace(Subject))
        {
            var subject = Subject.Trim();
            entries = entries.Where(e => e.SubjectId == subject || e.CorrelationId == subject);
        }
        return entries;
    }
}
