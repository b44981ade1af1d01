using CashoutConsole.Approvals.Domain;
using CashoutConsole.Cards.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Notices.Application;
using CashoutConsole.Notices.Domain;
using CashoutConsole.Notices.Infrastructure;
using CashoutConsole.Providers.Application;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Providers.Domain;
using CashoutConsole.Tests.Sandbox;
using CashoutConsole.Tests.Support;
using CashoutConsole.Withdrawals.Domain;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Tests.Notices;

/// <summary>Brings about each thing that is told, and listens to what is told.</summary>
internal static class NoticeRig
{
    public const string Secret = "0123456789abcdef";

    public static void Tell(this ConsoleRig rig, WebhookReceiver receiver, NoticeFormat format = NoticeFormat.Json, string name = "desk", params NoticeKind[] kinds) =>
        rig.Notices.Targets[name] = new NoticeTarget { Url = receiver.Url + "/hook?token=hidden-token", Format = format, Secret = Secret, Kinds = [.. kinds] };

    public static Task<int> WriteNoticesAsync(this ConsoleRig rig) => rig.Get<NoticeWriter>().WriteAsync(CancellationToken.None);

    public static Task<int> DeliverAsync(this ConsoleRig rig, string target = "desk") => rig.Get<NoticeSender>().DeliverDueAsync(target, CancellationToken.None);

    public static Task<List<Notice>> NoticesAsync(this ConsoleRig rig) =>
        rig.QueryAsync(static db => db.Notices.AsNoTracking().Include(static n => n.Deliveries).OrderBy(static n => n.CreatedAt).ToListAsync());

    public static async Task<NoticeDelivery> DeliveryAsync(this ConsoleRig rig) => Assert.Single(Assert.Single(await rig.NoticesAsync()).Deliveries);

    public static async Task StopAsync(this ConsoleRig rig, string reason = "Looks wrong", Guid? scope = null)
    {
        var stopped = await rig.Get<StopSending>().ExecuteAsync(rig.Treasury, new StopSending.Command(scope ?? SendingStop.EverythingId, reason), CancellationToken.None);
        Assert.True(stopped.IsSuccess, stopped.Error?.ToString());
    }

    /// <summary>A withdrawal whose outcome nobody knows, from now on.</summary>
    public static async Task<Guid> UnknownAsync(this ConsoleRig rig, decimal amount)
    {
        rig.Provider.Script(static (_, _) => new SubmissionOutcome.Unknown(new ProviderFault(ProviderFaultKind.NoAnswer), new WireRecord(null, null, null, null, TimeSpan.Zero)));
        var id = await rig.RequestAndSendAsync(await rig.AccountAsync(100), amount);
        Assert.Equal(WithdrawalStatus.OutcomeUnknown, (await rig.ReadAsync(id)).Status);
        return id;
    }

    public static async Task<Guid> BreakAsync(this ConsoleRig rig, Guid withdrawal, string detail = "The answer names another amount")
    {
        var id = Guid.NewGuid();
        var account = (await rig.ReadAsync(withdrawal)).AccountId;
        await rig.ChangeAsync(db =>
        {
            db.Breaks.Add(new Break { Id = id, WithdrawalId = withdrawal, AccountId = account, Kind = BreakKind.AnswerContradictsInstruction, Detail = detail, OpenedAt = rig.Clock.Now() });
            return Task.CompletedTask;
        });
        return id;
    }

    /// <summary>A request that waits for its checkers, with one withdrawal for each amount.</summary>
    public static async Task<Guid> ApprovalAsync(this ConsoleRig rig, string reason, params (Account Account, decimal Amount)[] withdrawals)
    {
        var id = Guid.NewGuid();
        var now = rig.Clock.Now();
        await rig.ChangeAsync(async db =>
        {
            db.ApprovalRequests.Add(new ApprovalRequest
            {
                Id = id,
                Kind = ApprovalKind.Withdrawal,
                SubjectId = Guid.NewGuid().ToString(),
                MakerId = rig.Treasury.Id,
                Reason = reason,
                CreatedAt = now,
                ExpiresAt = now.AddHours(24),
                ExecuteBy = now.AddHours(48),
                RequiredCheckers = 1,
                PolicyNumber = null,
                Fired = "[]",
                Digest = new string('a', 64),
            });
            var number = await db.Withdrawals.MaxAsync(static w => (long?)w.SubmissionNumber) ?? 0;
            foreach (var (account, amount) in withdrawals)
            {
                var withdrawal = Waiting(rig, id, account, amount, reason, ++number);
                db.StatusChanges.Add(withdrawal.Start(WithdrawalStatus.AwaitingApproval, rig.Treasury, now));
                db.Withdrawals.Add(withdrawal);
            }
        });
        return id;
    }

    private static Withdrawal Waiting(ConsoleRig rig, Guid approval, Account account, decimal amount, string reason, long number) => new()
    {
        Id = Guid.NewGuid(),
        CommandId = Guid.NewGuid(),
        ProviderAccountId = rig.ProviderAccount.Id,
        AccountId = account.Id,
        EndpointIdentity = rig.ProviderAccount.EndpointIdentity,
        ExternalAccountId = account.ExternalId,
        Mode = WithdrawalMode.Exact,
        AmountMillionths = Money.ToMillionths(amount),
        Currency = "USD",
        IdempotencyKey = Guid.NewGuid().ToString(),
        MakerId = rig.Treasury.Id,
        Reason = reason,
        CreatedAt = rig.Clock.Now(),
        ExpiresAt = rig.Clock.Now().AddHours(24),
        NotBefore = rig.Clock.Now(),
        SubmissionNumber = number,
        PolicyNumber = null,
        RequiredCheckers = 1,
        ApprovalId = approval,
    };
}
