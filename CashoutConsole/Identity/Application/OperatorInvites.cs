using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using CashoutConsole.Audit.Application;
using CashoutConsole.Audit.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Domain;
using CashoutConsole.Persistence;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Identity.Application;

/// <summary>A link as its maker sees it, this once. It does not print itself: nothing that is logged may let somebody in.</summary>
/// <param name="Path">"/invite/{token}".</param>
public sealed record InviteLink(string OperatorId, string Path, DateTimeOffset ExpiresAt)
{
    public override string ToString() => $"invite of {OperatorId}";
}

/// <summary>Makes and withdraws the links with which new operators set their password.</summary>
internal static class OperatorInvites
{
    private const int RandomBytes = 32;

    /// <summary>Makes a link; an older one counts no more.</summary>
    public static async Task<InviteLink> IssueAsync(WorkScope scope, Operator person, CancellationToken cancellation)
    {
        await RevokeAsync(scope.Db, person.Id, scope.Now, cancellation);
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));
        var invite = new OperatorInvite
        {
            Id = Guid.CreateVersion7(scope.Now),
            OperatorId = person.Id,
            TokenHash = HashOf(token),
            CreatedBy = scope.Actor.Id,
            CreatedAt = scope.Now,
            ExpiresAt = scope.Now + OperatorInvite.Lifetime,
        };
        scope.Db.OperatorInvites.Add(invite);
        scope.Record(OperatorStanding.Entry(AuditActions.OperatorInvited, person) with { Details = AuditTrail.ToJson(new { Invite = invite.Id, invite.ExpiresAt }) });
        scope.Announce(ChangeKind.Operator);
        return new InviteLink(person.Id, $"/invite/{token}", invite.ExpiresAt);
    }

    public static Task<int> RevokeAsync(CashoutDbContext db, string operatorId, DateTimeOffset now, CancellationToken cancellation) =>
        db.OperatorInvites.Where(i => i.OperatorId == operatorId && i.UsedAt == null && i.RevokedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(static i => i.RevokedAt, now), cancellation);

    public static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}

/// <summary>A new link for somebody who has no password, because the old one was lost or ran out. The old one counts no more.</summary>
[UseCase(Permission.Administer)]
public sealed class NewInvite(AccessGate gate, UnitOfWork work, SecurityOptions security)
{
    public async Task<Result<InviteLink>> ExecuteAsync(Actor actor, string operatorId, CancellationToken cancellation)
    {
        if (await gate.RefusalAsync(actor, Permission.Administer, nameof(NewInvite), cancellation) is { } refusal)
        {
            return refusal;
        }
        return await work.RunAsync<InviteLink>(actor, async scope =>
        {
            var found = await OperatorStanding.BeginAsync(scope, operatorId, Permission.Administer, security, cancellation);
            return found switch
            {
                { IsSuccess: false } => found.Error,
                { Value.IsDisabled: true } => new Error("OperatorIsDisabled"),
                { Value.IsActivated: true } => new Error("PasswordIsSet"),
                _ => await OperatorInvites.IssueAsync(scope, found.Value, cancellation),
            };
        }, cancellation);
    }
}
