using System.Security.Cryptography;
using System.Text.Json;
using CashoutConsole.Audit.Application;
using CashoutConsole.Audit.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Domain;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Identity.Application;

/// <summary>A new shared secret to put into an authenticator app.</summary>
/// <param name="Ticket">The secret, sealed: the page posts it back with the first code, and until then nothing is stored.</param>
/// <param name="Secret">Base32, for typing.</param>
/// <param name="Address">What the QR code says.</param>
public sealed record TwoFactorOffer(string Ticket, string Secret, string Address);

/// <summary>Sets two-factor up: offers a secret, and stores it once a first code proves that the app has it.</summary>
public sealed class TwoFactorEnrolment(IDataProtectionProvider protection, TotpSecrets secrets, TimeProvider clock)
{
    private static readonly TimeSpan TicketLifetime = TimeSpan.FromMinutes(15);

    private readonly IDataProtector _protector = protection.CreateProtector("CashoutConsole.Identity.TwoFactorTicket");

    private sealed record Ticket(string OperatorId, string Secret, DateTimeOffset EndsAt);

    /// <param name="userName">Shown in the app beside the code.</param>
    /// <param name="ticket">An offer made before, whose secret stays the same while it counts.</param>
    internal TwoFactorOffer Offer(string operatorId, string userName, string? ticket)
    {
        var kept = Open(operatorId, ticket);
        var secret = kept ?? Totp.NewSecret();
        var text = kept is null ? _protector.Protect(JsonSerializer.Serialize(new Ticket(operatorId, Base32.Encode(secret), clock.Now() + TicketLifetime))) : ticket!;
        return new TwoFactorOffer(text, Base32.Encode(secret), Totp.SetUpAddress("CashoutConsole", userName, secret));
    }

    /// <summary>Stores the secret in the caller's transaction, with a first set of recovery codes, which it returns.</summary>
    internal async Task<Result<IReadOnlyList<string>>> CompleteAsync(WorkScope scope, Operator row, string? ticket, string? code, CancellationToken cancellation)
    {
        if (Open(row.Id, ticket) is not { } secret || Totp.Match(secret, code, scope.Now, lastStep: -1) is not { } step)
        {
            return SecondFactor.Refused;
        }
        if (secrets.Open(row.Id, row.TotpSecret) is { } present && present.AsSpan().SequenceEqual(secret))
        {
            // The same form, sent twice.
            return UnitOfWork.Conflict;
        }
        var (sealedSecret, now, before) = (secrets.Seal(row.Id, secret), scope.Now, row.TotpSecret);
        var stored = await scope.Db.Users.Where(u => u.Id == row.Id && u.TotpSecret == before).ExecuteUpdateAsync(
            set => set
                .SetProperty(static u => u.TotpSecret, sealedSecret)
                .SetProperty(static u => u.TwoFactorSince, now)
                .SetProperty(static u => u.LastTotpStep, step),
            cancellation);
        if (stored == 0)
        {
            return UnitOfWork.Conflict;
        }
        scope.Record(new AuditDraft(AuditActions.TwoFactorSetUp, "operator", row.Id) { Details = AuditTrail.ToJson(new { Anew = row.TwoFactorSince is not null }) });
        scope.Announce(ChangeKind.Operator);
        return Result<IReadOnlyList<string>>.Success(await RenewCodesAsync(scope, row.Id, cancellation));
    }

    /// <summary>Adds a new set; the one before it counts no more. Two at once: the second breaks the key and is told so.</summary>
    internal static async Task<IReadOnlyList<string>> RenewCodesAsync(WorkScope scope, string operatorId, CancellationToken cancellation)
    {
        var highest = await SecondFactor.HighestAsync(scope.Db, operatorId, cancellation);
        var codes = Enumerable.Range(1, RecoveryCodes.PerSet).Select(static _ => RecoveryCodes.New()).ToList();
        scope.Db.RecoveryCodes.AddRange(codes.Select((code, index) => new RecoveryCode { OperatorId = operatorId, Number = highest + 1 + index, Hash = RecoveryCodes.HashOf(code)! }));
        scope.Record(new AuditDraft(AuditActions.RecoveryCodesMade, "operator", operatorId));
        return codes;
    }

    private byte[]? Open(string operatorId, string? text)
    {
        try
        {
            return !string.IsNullOrEmpty(text) && JsonSerializer.Deserialize<Ticket>(_protector.Unprotect(text)) is { } ticket
                && ticket.OperatorId == operatorId && ticket.EndsAt > clock.Now()
                ? Base32.Decode(ticket.Secret)
                : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
