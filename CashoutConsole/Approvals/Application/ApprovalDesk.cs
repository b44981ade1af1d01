using System.Text.Json;
using CashoutConsole.Approvals.Domain;
using CashoutConsole.Audit.Application;
using CashoutConsole.Audit.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Application;
using CashoutConsole.Persistence;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Approvals.Application;

/// <summary>What a use case asks others to allow.</summary>
/// <param name="Id">Chosen by the caller, because what is asked for refers to it.</param>
public sealed record ApprovalDraft(Guid Id, ApprovalKind Kind, string Reason, IReadOnlyList<CanonicalLine> Lines)
{
    /// <summary>Null = what the first line is about.</summary>
    public string? SubjectId { get; init; }

    public int RequiredCheckers { get; init; } = 1;

    public int? PolicyNumber { get; init; }

    public IReadOnlyList<FiredRule> Fired { get; init; } = [];

    public required TimeSpan DecideWithin { get; init; }

    /// <summary>Null = as long as it may be decided.</summary>
    public DateTimeOffset? ExecuteBy { get; init; }

    public Guid? PreviousId { get; init; }
}

/// <summary>
/// Where requests are opened, decided and closed; the use cases around it check who may. There is no way past it: whatever is approved
/// was approved here, by somebody else than its maker, on the digest of what the rows said.
/// </summary>
public sealed class ApprovalDesk(IEnumerable<IApprovedAction> actions, SecurityOptions security)
{
    public const string Subject = "approval";

    private const int LinesOnRecord = 50;

    public static readonly Error Mismatch = new("ApprovalMismatch");

    /// <summary>Opens a request in the caller's transaction.</summary>
    public static ApprovalRequest Open(WorkScope scope, ApprovalDraft draft)
    {
        var (request, lines) = Add(scope, draft);
        scope.Db.ApprovalLines.AddRange(lines);
        return request;
    }

    /// <summary>The same with lines by the thousand, which go past the change tracker.</summary>
    public static async Task OpenAsync(WorkScope scope, ApprovalDraft draft, CancellationToken cancellation)
    {
        var (_, lines) = Add(scope, draft);
        await scope.Db.SaveChangesAsync(cancellation);
        await scope.Db.InsertManyAsync(lines, cancellation);
    }

    private static (ApprovalRequest Request, List<ApprovalLine> Lines) Add(WorkScope scope, ApprovalDraft draft)
    {
        var expires = scope.Now + draft.DecideWithin;
        var executeBy = draft.ExecuteBy ?? expires;
        var lines = draft.Lines.Select((line, index) => new ApprovalLine
        {
            RequestId = draft.Id,
            Number = index + 1,
            SubjectId = line.SubjectId,
            Text = line.Text,
            Hash = ApprovalDigest.OfText(line.Text),
        }).ToList();
        var request = new ApprovalRequest
        {
            Id = draft.Id,
            Kind = draft.Kind,
            SubjectId = draft.SubjectId ?? draft.Lines[0].SubjectId,
            MakerId = scope.Actor.Id,
            Reason = StorableText.Of(draft.Reason.Trim())!,
            CreatedAt = scope.Now,
            ExpiresAt = expires,
            ExecuteBy = executeBy,
            RequiredCheckers = draft.RequiredCheckers,
            PolicyNumber = draft.PolicyNumber,
            Fired = AuditTrail.ToJson(draft.Fired),
            Digest = ApprovalDigest.OfRequest(draft.Id, draft.Kind, scope.Actor.Id, executeBy, draft.RequiredCheckers, draft.PolicyNumber, lines.ConvertAll(static line => line.Hash)),
            PreviousId = draft.PreviousId,
        };
        scope.Db.ApprovalRequests.Add(request);
        scope.Record(Entry(AuditActions.ApprovalRequested, request) with
        {
            Reason = request.Reason,
            After = AuditTrail.ToJson(new
            {
                request.Kind,
                request.Digest,
                request.RequiredCheckers,
                request.PolicyNumber,
                draft.Fired,
                request.ExpiresAt,
                request.ExecuteBy,
                request.PreviousId,
                LineCount = lines.Count,
                // Of a large batch the digest stands for the lines, which are kept with the request for ever.
                Lines = lines.Count <= LinesOnRecord ? lines.Select(static line => line.Text) : null,
            }),
        });
        scope.Announce(ChangeKind.Approval, request.Id);
        return (request, lines);
    }

    /// <summary>One checker's word, in the caller's transaction. <paramref name="digest"/> is that of what the checker saw.</summary>
    public async Task<Result<ApprovalStatus>> DecideAsync(
        WorkScope scope, ApprovalRequest request, Verdict verdict, string digest, string? reason, CancellationToken cancellation)
    {
        if (await WhyNotAsync(scope, request, digest, cancellation) is { } refusal)
        {
            return refusal;
        }
        var action = ActionOf(request.Kind);
        if (verdict == Verdict.Approve && !await AccessGate.HoldsAsync(scope.Db, request.MakerId, action.MakerPermission, cancellation))
        {
            return new Error("MakerNoLongerAllowed");
        }
        scope.Db.ApprovalDecisions.Add(new ApprovalDecision
        {
            RequestId = request.Id,
            CheckerId = scope.Actor.Id,
            MakerId = request.MakerId,
            Verdict = verdict,
            Digest = digest,
            Reason = string.IsNullOrWhiteSpace(reason) ? null : StorableText.Of(reason.Trim()),
            At = scope.Now,
            StepUpAt = await StepUps.StepUpAtAsync(scope.Db, scope.Actor, scope.Now, security, cancellation) ?? scope.Now,
        });
        // The database approves a request only when it sees the decisions, and what hangs on it only when it sees the request approved.
        request.Touch();
        await scope.Db.SaveChangesAsync(cancellation);
        var given = verdict == Verdict.Approve ? (await StandingCheckersAsync(scope.Db, request, cancellation)).Count : 0;
        scope.Record(Entry(verdict == Verdict.Approve ? AuditActions.ApprovalApproved : AuditActions.ApprovalRejected, request) with
        {
            Reason = reason,
            Details = AuditTrail.ToJson(new { digest, Approvals = given, request.RequiredCheckers, request.PolicyNumber }),
        });
        scope.Announce(ChangeKind.Approval, request.Id);
        if (verdict == Verdict.Reject)
        {
            request.Close(ApprovalStatus.Rejected, scope.Now);
            await action.CloseAsync(scope, request, reason, cancellation);
        }
        else if (given >= request.RequiredCheckers)
        {
            request.Close(ApprovalStatus.Approved, scope.Now);
            await scope.Db.SaveChangesAsync(cancellation);
            if (await action.ApproveAsync(scope, request, cancellation) is { } obstacle)
            {
                return obstacle;
            }
        }
        return request.Status;
    }

    /// <summary>The request ends undecided: recalled by somebody, or expired.</summary>
    public async Task EndAsync(WorkScope scope, ApprovalRequest request, ApprovalStatus end, string? reason, CancellationToken cancellation)
    {
        request.Close(end, scope.Now);
        scope.Record(Entry(end == ApprovalStatus.Recalled ? AuditActions.ApprovalRecalled : AuditActions.ApprovalExpired, request) with { Reason = reason });
        scope.Announce(ChangeKind.Approval, request.Id);
        await ActionOf(request.Kind).CloseAsync(scope, request, reason, cancellation);
    }

    /// <summary>
    /// Asked right before something approved is carried out later: the line made from the row about to be used is the one that was approved,
    /// all lines together still hash to what every counted checker approved, and the checkers still may approve.
    /// </summary>
    /// <returns>Null = approved; else ApprovalMissing, ApprovalMismatch, ApprovalTooOld or CheckerNotAllowed.</returns>
    public async Task<string?> WhyNotApprovedAsync(
        CashoutDbContext db, Guid requestId, string makerId, CanonicalLine line, DateTimeOffset now, CancellationToken cancellation)
    {
        var request = await db.ApprovalRequests.AsNoTracking().SingleOrDefaultAsync(r => r.Id == requestId, cancellation);
        if (request is not { Status: ApprovalStatus.Approved } || request.MakerId != makerId)
        {
            return "ApprovalMissing";
        }
        if (request.ExecuteBy <= now)
        {
            return "ApprovalTooOld";
        }
        var lines = await SealedAsync(db, request, cancellation);
        var decisions = await db.ApprovalDecisions.AsNoTracking()
            .Where(d => d.RequestId == requestId && d.Verdict == Verdict.Approve && d.CheckerId != makerId).ToListAsync(cancellation);
        if (lines.Digest != request.Digest || decisions.Exists(d => d.Digest != lines.Digest) || lines.HashOf(line.SubjectId) != ApprovalDigest.OfText(line.Text))
        {
            return Mismatch.Code;
        }
        if (decisions.Count < request.RequiredCheckers)
        {
            return "ApprovalMissing";
        }
        return (await StandingCheckersAsync(db, request, cancellation)).Count == decisions.Count ? null : "CheckerNotAllowed";
    }

    /// <summary>
    /// The stored lines and the digest over them. Those of a batch are asked for with every send and are append-only: this process hashes them
    /// once. What is remembered is keyed by the terms of the request, and each send compares it with the row and with the decisions.
    /// </summary>
    private async Task<SealedLines> SealedAsync(CashoutDbContext db, ApprovalRequest request, CancellationToken cancellation)
    {
        var terms = (request.Id, request.Kind, request.MakerId, request.ExecuteBy, request.RequiredCheckers, request.PolicyNumber);
        if (_sealed is { } known && known.Terms == terms)
        {
            return known;
        }
        var stored = await db.ApprovalLines.AsNoTracking().Where(line => line.RequestId == request.Id).OrderBy(static line => line.Number)
            .Select(static line => new { line.SubjectId, line.Text }).ToListAsync(cancellation);
        var hashes = stored.ConvertAll(static line => ApprovalDigest.OfText(line.Text));
        var made = new SealedLines(
            terms,
            ApprovalDigest.OfRequest(request.Id, request.Kind, request.MakerId, request.ExecuteBy, request.RequiredCheckers, request.PolicyNumber, hashes),
            stored.Zip(hashes).GroupBy(static pair => pair.First.SubjectId, StringComparer.Ordinal).ToDictionary(static g => g.Key, static g => g.First().Second, StringComparer.Ordinal));
        _sealed = stored.Count > 1 ? made : _sealed;
        return made;
    }

    private SealedLines? _sealed;

    private sealed record SealedLines(
        (Guid, ApprovalKind, string, DateTimeOffset, int, int?) Terms, string Digest, Dictionary<string, string> Hashes)
    {
        public string? HashOf(string subjectId) => Hashes.GetValueOrDefault(subjectId);
    }

    public static Permission PermissionFor(ApprovalKind kind) => ApprovalRequest.AboutMoney.Contains(kind) ? Permission.Approve : Permission.ConfirmAdministration;

    public static IReadOnlyList<FiredRule> FiredOf(ApprovalRequest request) => JsonSerializer.Deserialize<List<FiredRule>>(request.Fired, FiredJson) ?? [];

    private static readonly JsonSerializerOptions FiredJson = new()
    {
        PropertyNameCaseInsensitive = true,
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter() },
    };

    /// <summary>Why this actor may not decide this request now; null = may. The order is the order in which people should hear of it.</summary>
    private async Task<Error?> WhyNotAsync(WorkScope scope, ApprovalRequest request, string digest, CancellationToken cancellation)
    {
        if (request.MakerId == scope.Actor.Id)
        {
            return new Error("OwnRequest");
        }
        if (request.Concerns(scope.Actor.Id))
        {
            return new Error("ConcernsYou");
        }
        if (!await AccessGate.HoldsAsync(scope.Db, scope.Actor, PermissionFor(request.Kind), cancellation))
        {
            return AccessGate.Forbidden;
        }
        if (request.Status != ApprovalStatus.Pending)
        {
            return await AlreadyDecidedAsync(scope.Db, request, cancellation);
        }
        if (request.ExpiresAt <= scope.Now)
        {
            return new Error("ApprovalExpired");
        }
        if (await scope.Db.ApprovalDecisions.AnyAsync(d => d.RequestId == request.Id && d.CheckerId == scope.Actor.Id, cancellation))
        {
            return new Error("AlreadyDecidedByYou");
        }
        if (await StepUps.MissingAsync(scope.Db, scope.Actor, scope.Now, security, cancellation) is { } stepUp)
        {
            return stepUp;
        }
        return digest == request.Digest && digest == await DigestOfRowsAsync(scope.Db, request, cancellation) ? null : Mismatch;
    }

    private static async Task<Error> AlreadyDecidedAsync(CashoutDbContext db, ApprovalRequest request, CancellationToken cancellation)
    {
        var last = await db.ApprovalDecisions.AsNoTracking().Where(d => d.RequestId == request.Id).OrderByDescending(static d => d.At).FirstOrDefaultAsync(cancellation);
        var name = last is null ? "" : await db.Users.Where(u => u.Id == last.CheckerId).Select(static u => u.DisplayName).SingleOrDefaultAsync(cancellation) ?? "";
        return new Error("AlreadyDecided", request.Status, name);
    }

    /// <summary>Over what the rows say now, not over the stored lines; and the stored lines must say the same.</summary>
    private async Task<string?> DigestOfRowsAsync(CashoutDbContext db, ApprovalRequest request, CancellationToken cancellation)
    {
        var now = await ActionOf(request.Kind).LinesAsync(db, request, cancellation);
        var stored = await db.ApprovalLines.AsNoTracking().Where(line => line.RequestId == request.Id).OrderBy(static line => line.Number).ToListAsync(cancellation);
        var hashes = now.Select(static line => ApprovalDigest.OfText(line.Text)).ToList();
        return hashes.SequenceEqual(stored.Select(static line => ApprovalDigest.OfText(line.Text)), StringComparer.Ordinal)
            ? ApprovalDigest.OfRequest(request.Id, request.Kind, request.MakerId, request.ExecuteBy, request.RequiredCheckers, request.PolicyNumber, hashes)
            : null;
    }

    /// <summary>Who approved and still may.</summary>
    private static async Task<List<string>> StandingCheckersAsync(CashoutDbContext db, ApprovalRequest request, CancellationToken cancellation)
    {
        var checkers = await db.ApprovalDecisions
            .Where(d => d.RequestId == request.Id && d.Verdict == Verdict.Approve && d.CheckerId != request.MakerId)
            .Select(static d => d.CheckerId).ToListAsync(cancellation);
        var standing = new List<string>();
        foreach (var checker in checkers)
        {
            if (await AccessGate.HoldsAsync(db, checker, PermissionFor(request.Kind), cancellation))
            {
                standing.Add(checker);
            }
        }
        return standing;
    }

    private IApprovedAction ActionOf(ApprovalKind kind) => actions.Single(action => action.Kind == kind);

    private static AuditDraft Entry(string action, ApprovalRequest request) => new(action, Subject, request.Id.ToString())
    {
        CorrelationId = request.SubjectId.Length <= 64 ? request.SubjectId : request.Id.ToString(),
    };
}
