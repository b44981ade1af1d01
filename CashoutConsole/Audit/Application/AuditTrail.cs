using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using CashoutConsole.Audit.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Persistence;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Audit.Application;

/// <summary>Appends to the chain inside the caller's transaction.</summary>
public sealed class AuditTrail
{
    /// <summary>From so many on, the entries of one transaction go past the change tracker.</summary>
    private const int ManyEntries = 20;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        // Kept as text for people and verifiers, never put into HTML unescaped: no need to escape Chinese or quotes.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>An anonymous object as the JSON of an entry. Never pass secrets or full card numbers.</summary>
    public static string ToJson(object value) => JsonSerializer.Serialize(value, Json);

    internal async Task AppendAsync(WorkScope scope, CancellationToken cancellation)
    {
        if (scope.Drafts.Count == 0)
        {
            return;
        }
        var head = await LockHeadAsync(scope.Db, cancellation);
        var entries = new List<AuditEntry>(scope.Drafts.Count);
        foreach (var draft in scope.Drafts)
        {
            var entry = NextEntry(head, draft, draft.Actor ?? scope.Actor, scope.Now);
            entries.Add(entry);
            head.Sequence = entry.Sequence;
            head.EntryHash = entry.EntryHash;
        }
        if (entries.Count < ManyEntries)
        {
            scope.Db.AuditEntries.AddRange(entries);
        }
        else
        {
            await scope.Db.InsertManyAsync(entries, cancellation);
        }
        await scope.Db.SaveChangesAsync(cancellation);
    }

    /// <summary>On PostgreSQL the row lock makes writers queue; on SQLite the transaction already holds the only write lock.</summary>
    private static Task<AuditHead> LockHeadAsync(CashoutDbContext db, CancellationToken cancellation) =>
        db.Database.IsNpgsql()
            ? db.AuditHeads.FromSql($"SELECT * FROM audit_head WHERE id = {AuditHead.OnlyId} FOR UPDATE").SingleAsync(cancellation)
            : db.AuditHeads.SingleAsync(cancellation);

    private static AuditEntry NextEntry(AuditHead head, AuditDraft draft, Actor actor, DateTimeOffset now)
    {
        var content = NewEntry(head, draft, actor, now, []);
        var hash = AuditHash.OfContent(content);
        return NewEntry(head, draft, actor, now, hash);
    }

    private static AuditEntry NewEntry(AuditHead head, AuditDraft draft, Actor actor, DateTimeOffset now, byte[] contentHash) => new()
    {
        Sequence = head.Sequence + 1,
        FormatVersion = AuditHash.FormatVersion,
        At = now,
        ActorKind = actor.Kind,
        ActorId = StorableText.Of(actor.Id, 100)!,
        ActorName = StorableText.Of(actor.Name, 200)!,
        OnBehalfOf = StorableText.Of(actor.OnBehalfOf, 100),
        RemoteAddress = StorableText.Of(actor.RemoteAddress, 64),
        Action = draft.Action,
        SubjectType = draft.SubjectType,
        SubjectId = StorableText.Of(draft.SubjectId, 200)!,
        Result = draft.Result,
        Reason = StorableText.Of(draft.Reason),
        Before = draft.Before,
        After = draft.After,
        Details = draft.Details,
        CorrelationId = draft.CorrelationId,
        ContentHash = contentHash,
        PreviousHash = head.EntryHash,
        EntryHash = contentHash.Length == 0 ? [] : AuditHash.OfEntry(head.Sequence + 1, head.EntryHash, contentHash),
    };
}
