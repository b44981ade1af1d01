using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using CashoutConsole.Audit.Application;
using CashoutConsole.Audit.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Notices.Application;
using CashoutConsole.Notices.Domain;
using CashoutConsole.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace CashoutConsole.Notices.Infrastructure;

/// <summary>
/// Delivers notices to one target after the other's turn. A delivery is claimed by a compare-and-set before it is sent, so that two
/// processes never send it at once; a process that dies in between lets the claim run out. So a notice may arrive twice after a crash,
/// with the same id, and never not at all.
/// </summary>
public sealed class NoticeSender : IDisposable
{
    /// <summary>How long a target may take to answer.</summary>
    public static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(10);

    /// <summary>Longer than a try takes.</summary>
    private static readonly TimeSpan ClaimTime = TimeSpan.FromMinutes(1);

    private const int MostAtOnce = 100;

    private readonly IDbContextFactory<CashoutDbContext> _contexts;
    private readonly UnitOfWork _work;
    private readonly NoticeOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger<NoticeSender> _log;

    /// <summary>An invoker and not the factory's client: nothing on the way may log an address or follow it elsewhere.</summary>
    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        ActivityHeadersPropagator = null,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = AnswerLimit,
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
    });

    public NoticeSender(IDbContextFactory<CashoutDbContext> contexts, UnitOfWork work, NoticeOptions options, TimeProvider clock, ILogger<NoticeSender> log)
    {
        _contexts = contexts;
        _work = work;
        _options = options;
        _clock = clock;
        _log = log;
    }

    /// <summary>
    /// Sends what is due to the target, oldest first. The first failure ends the turn: what would fail too keeps its tries. Returns how many
    /// arrived.
    /// </summary>
    public async Task<int> DeliverDueAsync(string target, CancellationToken cancellation)
    {
        for (var delivered = 0; ; delivered++)
        {
            if (delivered == MostAtOnce || await ClaimNextAsync(target, cancellation) is not { } claim)
            {
                return delivered;
            }
            var fault = await PostAsync(_options.Targets[target], claim.Notice, cancellation);
            await NoteAsync(claim, fault);
            if (fault is not null)
            {
                return delivered;
            }
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<Claim?> ClaimNextAsync(string target, CancellationToken cancellation)
    {
        var now = _clock.Now();
        Claim? claim;
        await using (var db = await _contexts.CreateDbContextAsync(cancellation))
        {
            claim = await (
                from delivery in db.NoticeDeliveries
                join notice in db.Notices on delivery.NoticeId equals notice.Id
                where delivery.Target == target && delivery.DeliveredAt == null && delivery.NextTryAt <= now
                orderby notice.CreatedAt
                select new Claim(notice, target, delivery.Tries + 1)).AsNoTracking().FirstOrDefaultAsync(cancellation);
        }
        if (claim is null)
        {
            return null;
        }
        var claimed = await _work.RunAsync<Done>(Author, async scope =>
            await scope.Db.NoticeDeliveries
                .Where(d => d.NoticeId == claim.Notice.Id && d.Target == target && d.Tries == claim.Try - 1 && d.DeliveredAt == null && d.NextTryAt <= now)
                .ExecuteUpdateAsync(set => set.SetProperty(d => d.Tries, claim.Try).SetProperty(d => d.NextTryAt, now + ClaimTime), cancellation) == 1
                ? Done.Value
                : UnitOfWork.Conflict, cancellation);
        return claimed.IsSuccess ? claim : null;
    }

    /// <summary>Null = delivered.</summary>
    private async Task<DeliveryFault?> PostAsync(NoticeTarget target, Notice notice, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(AnswerLimit, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            using var request = NewRequest(target, notice);
            using var response = await _http.SendAsync(request, either.Token);
            return response.IsSuccessStatusCode ? null : DeliveryFault.OfStatus((int)response.StatusCode);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return DeliveryFault.Timeout;
        }
        catch (HttpRequestException exception)
        {
            return exception.HttpRequestError switch
            {
                HttpRequestError.NameResolutionError => DeliveryFault.UnknownHost,
                HttpRequestError.SecureConnectionError => DeliveryFault.Certificate,
                _ => DeliveryFault.Unreachable,
            };
        }
        catch (IOException)
        {
            return DeliveryFault.Unreachable;
        }
    }

    private HttpRequestMessage NewRequest(NoticeTarget target, Notice notice)
    {
        var body = target.Format == NoticeFormat.Json
            ? notice.Body
            : JsonSerializer.Serialize(new { text = NoticeBody.Read(notice.Body).ToLine(_options.PublicBaseUrl) }, JsonSerializerOptions.Web);
        var request = new HttpRequestMessage(HttpMethod.Post, target.Url) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        request.Headers.UserAgent.ParseAdd("CashoutConsole");
        var sentAt = _clock.GetUtcNow().ToUnixTimeSeconds();
        request.Headers.Add(NoticeSignature.IdHeader, notice.Id.ToString());
        request.Headers.Add(NoticeSignature.TimestampHeader, sentAt.ToString(CultureInfo.InvariantCulture));
        if (!string.IsNullOrWhiteSpace(target.Secret))
        {
            request.Headers.Add(NoticeSignature.SignatureHeader, NoticeSignature.Of(target.Secret, notice.Id, sentAt, body));
        }
        return request;
    }

    /// <summary>Cannot be cancelled: the target has or has not got it, and that is kept.</summary>
    private async Task NoteAsync(Claim claim, DeliveryFault? fault)
    {
        var noted = await _work.RunAsync<Done>(Author, async scope =>
        {
            var delivery = await scope.Db.NoticeDeliveries.SingleAsync(d => d.NoticeId == claim.Notice.Id && d.Target == claim.Target);
            if (fault is not null && delivery.Tries != claim.Try)
            {
                // The claim ran out and somebody else tries: their answer counts.
                return UnitOfWork.Conflict;
            }
            var wait = fault is null ? null : DeliverySchedule.WaitAfter(claim.Try);
            delivery.LastFault = fault?.ToString();
            delivery.DeliveredAt = fault is null ? scope.Now : null;
            delivery.NextTryAt = scope.Now + wait;
            delivery.GivenUpAt = fault is not null && wait is null ? scope.Now : null;
            if (delivery.GivenUpAt is not null)
            {
                scope.Record(new AuditDraft(AuditActions.NoticeGivenUp, "notice", claim.Notice.Id.ToString())
                {
                    Result = AuditResult.Failed,
                    Details = AuditTrail.ToJson(new { claim.Target, Tries = claim.Try, Fault = delivery.LastFault }),
                });
            }
            scope.Announce(ChangeKind.Notice, claim.Notice.Id);
            return Done.Value;
        }, CancellationToken.None);
        if (fault is not null && noted.IsSuccess)
        {
            _log.LogWarning("Notice {Notice} did not reach target {Target} (try {Try}): {Fault}.", claim.Notice.Id, claim.Target, claim.Try, fault);
        }
    }

    private static Actor Author => Actor.System("notices");

    /// <param name="Try">The number of this try, from 1.</param>
    private sealed record Claim(Notice Notice, string Target, int Try);
}
