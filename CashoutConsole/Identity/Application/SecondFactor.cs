using CashoutConsole.Audit.Application;
using CashoutConsole.Audit.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Domain;
using CashoutConsole.Persistence;
using CashoutConsole.Providers.Contracts;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Identity.Application;

/// <summary>What a typed code proved.</summary>
/// <param name="Refusal">Why it proved nothing, for the record; null = it is the operator.</param>
/// <param name="RecoveryCodesLeft">Set when it was a recovery code.</param>
public sealed record Proof(string? Refusal, int? RecoveryCodesLeft = null)
{
    public const string LockedOut = "locked out";

    public static readonly Proof Given = new((string?)null);
}

/// <summary>
/// Judges one-time codes and recovery codes, and spends them: a compare-and-set in the caller's transaction, so that of two sessions
/// with the same code exactly one gets on.
/// </summary>
public sealed class SecondFactor(TotpSecrets secrets)
{
    /// <summary>One answer for a wrong code, a spent one and a locked operator.</summary>
    public static readonly Error Refused = new("CodeRefused");

    /// <summary>Who moves money, approves it or makes operators needs a second factor where the money is real.</summary>
    private static readonly Role[] Powerful = [Role.Treasury, Role.Supervisor, Role.Administrator];

    public static async Task<bool> IsRequiredAsync(CashoutDbContext db, IEnumerable<Role> roles, CancellationToken cancellation) =>
        roles.Any(Powerful.Contains) && !await db.Installations.AnyAsync(static i => i.Mode == OperatingMode.Rehearsal, cancellation);

    /// <param name="scope">The transaction in which the code is spent.</param>
    /// <param name="row">The operator as this transaction reads it.</param>
    public async Task<Proof> ProveAsync(WorkScope scope, Operator row, string? typed, CancellationToken cancellation)
    {
        if (row.TwoFactorSince is null || secrets.Open(row.Id, row.TotpSecret) is not { } secret)
        {
            return new Proof(row.TwoFactorSince is null ? "no two-factor" : "secret unreadable");
        }
        if (Totp.Match(secret, typed, scope.Now, row.LastTotpStep) is { } step)
        {
            return await SpendAsync(scope.Db, row.Id, step, cancellation) ? Proof.Given : new Proof("code used before");
        }
        return RecoveryCodes.HashOf(typed) is { } hash
            ? await SpendRecoveryAsync(scope, row, hash, cancellation)
            : new Proof(Totp.Match(secret, typed, scope.Now, long.MinValue) is null ? "wrong code" : "code used before");
    }

    public static async Task<int> RecoveryCodesLeftAsync(CashoutDbContext db, string operatorId, CancellationToken cancellation) =>
        await PresentSet(db, operatorId, await HighestAsync(db, operatorId, cancellation)).CountAsync(static c => c.UsedAt == null, cancellation);

    public static async Task<int> HighestAsync(CashoutDbContext db, string operatorId, CancellationToken cancellation) =>
        await db.RecoveryCodes.Where(c => c.OperatorId == operatorId).MaxAsync(static c => (int?)c.Number, cancellation) ?? 0;

    private static async Task<bool> SpendAsync(CashoutDbContext db, string operatorId, long step, CancellationToken cancellation) =>
        await db.Users.Where(u => u.Id == operatorId && u.LastTotpStep < step)
            .ExecuteUpdateAsync(set => set.SetProperty(static u => u.LastTotpStep, step), cancellation) == 1;

    private static async Task<Proof> SpendRecoveryAsync(WorkScope scope, Operator row, string hash, CancellationToken cancellation)
    {
        var now = scope.Now;
        var present = PresentSet(scope.Db, row.Id, await HighestAsync(scope.Db, row.Id, cancellation));
        var spent = await present.Where(c => c.Hash == hash && c.UsedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(static c => c.UsedAt, now), cancellation);
        if (spent == 0)
        {
            return new Proof("wrong or used recovery code");
        }
        var left = await present.CountAsync(static c => c.UsedAt == null, cancellation);
        scope.Record(new AuditDraft(AuditActions.RecoveryCodeUsed, "operator", row.Id) { Details = AuditTrail.ToJson(new { Left = left }) });
        return new Proof(null, left);
    }

    private static IQueryable<RecoveryCode> PresentSet(CashoutDbContext db, string operatorId, int highest)
    {
        var after = RecoveryCodes.SetAfter(highest);
        return db.RecoveryCodes.Where(c => c.OperatorId == operatorId && c.Number > after);
    }
}
