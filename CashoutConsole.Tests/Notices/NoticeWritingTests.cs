using System.Text.RegularExpressions;
using CashoutConsole.Foundation;
using CashoutConsole.Notices.Application;
using CashoutConsole.Notices.Domain;
using CashoutConsole.Persistence;
using CashoutConsole.Providers.Application;
using CashoutConsole.Tests.Sandbox;
using CashoutConsole.Tests.Support;
using CashoutConsole.Withdrawals.Domain;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CashoutConsole.Tests.Notices;

/// <summary>What is told, once, and without a name or a card.</summary>
public sealed partial class NoticeWritingTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task Each_thing_is_told_once_with_its_ids_and_money(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        await using var receiver = new WebhookReceiver();
        rig.Tell(receiver);
        var approval = await rig.ApprovalAsync("Large", (await rig.AccountAsync(9000), 6000), (await rig.AccountAsync(9000), 0.5m));
        var unknown = await rig.UnknownAsync(12.5m);
        var opened = await rig.BreakAsync(unknown);
        rig.Clock.Advance(TimeSpan.FromMinutes(30) + TimeSpan.FromSeconds(1));
        await rig.StopAsync(scope: rig.ProviderAccount.Id);

        Assert.Equal(4, await rig.WriteNoticesAsync());
        Assert.Equal(0, await rig.WriteNoticesAsync());

        var bodies = (await rig.NoticesAsync()).ConvertAll(static notice => NoticeBody.Read(notice.Body)).ToDictionary(static body => body.Kind);
        Assert.Equal((approval.ToString(), "Withdrawal", null), (bodies[NoticeKind.ApprovalWaiting].SubjectId, bodies[NoticeKind.ApprovalWaiting].SubjectKind, bodies[NoticeKind.ApprovalWaiting].WithdrawalId));
        Assert.Equal([new NoticeAmount("6000.50", "USD")], bodies[NoticeKind.ApprovalWaiting].Amounts);
        Assert.Equal((unknown.ToString(), unknown), (bodies[NoticeKind.UnknownTooOld].SubjectId, bodies[NoticeKind.UnknownTooOld].WithdrawalId));
        Assert.Equal([new NoticeAmount("12.50", "USD")], bodies[NoticeKind.UnknownTooOld].Amounts);
        Assert.Equal((opened.ToString(), unknown), (bodies[NoticeKind.BreakOpened].SubjectId, bodies[NoticeKind.BreakOpened].WithdrawalId));
        Assert.Equal((rig.ProviderAccount.Id.ToString(), 0), (bodies[NoticeKind.SendingStopped].SubjectId, bodies[NoticeKind.SendingStopped].Amounts.Count));
        Assert.Equal(4, await rig.QueryAsync(static db => db.AuditEntries.CountAsync(static e => e.Action == "notice.created" && e.ActorId == "notices")));
        Assert.True((await rig.VerifyAsync()).IsWhole);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Two_processes_tell_it_once(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        await using var receiver = new WebhookReceiver();
        rig.Tell(receiver);
        await using var second = rig.SecondProcess();
        for (var round = 0; round < 5; round++)
        {
            await rig.ApprovalAsync($"Round {round}", (await rig.AccountAsync(9000), 6000));
        }

        var written = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Task.Run(() =>
            (i % 2 == 0 ? rig.Services : second).GetRequiredService<NoticeWriter>().WriteAsync(CancellationToken.None))));

        Assert.Equal(5, written.Sum());
        Assert.Equal(5, (await rig.NoticesAsync()).Count);
        Assert.Equal(5, await rig.QueryAsync(static db => db.AuditEntries.CountAsync(static e => e.Action == "notice.created")));
        Assert.True((await rig.VerifyAsync()).IsWhole);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task An_unknown_outcome_is_told_only_when_it_is_old_and_again_when_it_becomes_unknown_anew(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        await using var receiver = new WebhookReceiver();
        rig.Tell(receiver);
        var id = await rig.UnknownAsync(5);
        rig.Clock.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal(0, await rig.WriteNoticesAsync());
        rig.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, await rig.WriteNoticesAsync());

        await rig.ChangeAsync(async db =>
        {
            var withdrawal = await db.Withdrawals.SingleAsync(w => w.Id == id);
            db.StatusChanges.Add(withdrawal.MoveTo(WithdrawalStatus.Processing, Actor.System("test"), rig.Clock.Now(), null));
        });
        await rig.ChangeAsync(async db =>
        {
            var withdrawal = await db.Withdrawals.SingleAsync(w => w.Id == id);
            db.StatusChanges.Add(withdrawal.MoveTo(WithdrawalStatus.OutcomeUnknown, Actor.System("test"), rig.Clock.Now(), null));
        });
        Assert.Equal(0, await rig.WriteNoticesAsync());
        rig.Clock.Advance(TimeSpan.FromMinutes(31));
        Assert.Equal(1, await rig.WriteNoticesAsync());
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_second_stop_is_told_and_a_proposal_to_resume_is_not(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        await using var receiver = new WebhookReceiver();
        rig.Tell(receiver);
        await rig.StopAsync();
        Assert.Equal(1, await rig.WriteNoticesAsync());
        rig.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True((await rig.Get<ProposeResume>().ExecuteAsync(rig.Supervisor, new ProposeResume.Command(Guid.Empty, "Fine again"), CancellationToken.None)).IsSuccess);
        Assert.Equal(0, await rig.WriteNoticesAsync());
        await rig.StopAsync("Not fine");
        Assert.Equal(1, await rig.WriteNoticesAsync());
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task No_name_reason_account_or_card_leaves_the_console(DatabaseKind kind)
    {
        const string card = "4111111111111111";
        string[] planted = [card, "1111", "Lena", "Meier", "secret-holder", "acct-778", "Supplier"];
        await using var rig = await ConsoleRig.StartAsync(kind);
        await using var receiver = new WebhookReceiver();
        await using var chat = new WebhookReceiver();
        rig.Tell(receiver);
        rig.Tell(chat, NoticeFormat.Text, "chat");
        var account = await rig.AccountAsync(9000, "acct-778");
        await rig.ChangeAsync(async db =>
        {
            var row = await db.Accounts.SingleAsync(a => a.Id == account.Id);
            (row.Holder, row.DisplayName, row.MaskedNumber) = ("Lena Meier secret-holder", "Lena Meier", "•••• 1111");
        });
        await rig.ApprovalAsync($"Supplier Lena Meier, card {card}", (account, 6000));
        var unknown = await rig.UnknownAsync(7);
        await rig.BreakAsync(unknown, $"Lena Meier, card {card}");
        rig.Clock.Advance(TimeSpan.FromHours(1));
        await rig.ChangeAsync(db =>
        {
            db.SendingStops.Add(new() { ScopeId = Guid.Empty, Stopped = true, Reason = $"Supplier Lena Meier card {card}", StoppedBy = rig.Treasury.Id, StoppedAt = rig.Clock.Now(), Version = 1 });
            return Task.CompletedTask;
        });

        Assert.Equal(4, await rig.WriteNoticesAsync());
        Assert.Equal((4, 4), (await rig.DeliverAsync(), await rig.DeliverAsync("chat")));

        var said = string.Join('\n', receiver.Received.Concat(chat.Received).Select(static hook => hook.Body));
        Assert.Contains("6000.00", said, StringComparison.Ordinal);
        Assert.DoesNotContain(rig.Treasury.Id, said, StringComparison.Ordinal);
        // Random ids may hold four ones in a row by chance.
        var words = Ids().Replace(said, "");
        Assert.All(planted, text => Assert.DoesNotContain(text, words, StringComparison.OrdinalIgnoreCase));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Nothing_is_written_while_nobody_wants_to_hear_it_and_each_target_gets_its_kinds(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        await using var receiver = new WebhookReceiver();
        await rig.StopAsync();
        Assert.Equal(0, await rig.WriteNoticesAsync());

        rig.Tell(receiver, name: "breaks", kinds: NoticeKind.BreakOpened);
        Assert.Equal(0, await rig.WriteNoticesAsync());
        rig.Tell(receiver, name: "stops", kinds: [NoticeKind.SendingStopped, NoticeKind.UnknownTooOld]);
        Assert.Equal(1, await rig.WriteNoticesAsync());
        Assert.Equal("stops", (await rig.DeliveryAsync()).Target);
    }

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", RegexOptions.None, 5000)]
    private static partial Regex Ids();
}
