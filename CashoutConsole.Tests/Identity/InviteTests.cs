using CashoutConsole.Foundation;
using CashoutConsole.Identity.Application;
using CashoutConsole.Identity.Domain;
using CashoutConsole.Persistence;
using CashoutConsole.Tests.Approvals;
using CashoutConsole.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Tests.Identity;

/// <summary>A link lets its one operator set a password, once, and tells nobody else anything.</summary>
public sealed class InviteTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task A_link_works_once(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var invite = await InviteAsync(rig);
        Assert.Equal("nina", (await FindAsync(rig, invite)).Value.UserName);
        Assert.True((await rig.AcceptAsync(invite)).IsSuccess);

        Assert.Equal(AcceptInvite.Refused, (await rig.AcceptAsync(invite, "another good password")).Error);
        var signIn = await rig.Get<SignIn>().ExecuteAsync("nina", OperatorRig.Password, new Device("192.0.2.1", null), CancellationToken.None);
        Assert.NotNull(signIn.Value.SignedIn);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_link_ends_after_three_days(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var invite = await InviteAsync(rig);
        rig.Clock.Advance(OperatorInvite.Lifetime - TimeSpan.FromMinutes(1));
        Assert.True((await FindAsync(rig, invite)).IsSuccess);
        rig.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(AcceptInvite.Refused, (await FindAsync(rig, invite)).Error);
        Assert.Equal(AcceptInvite.Refused, (await rig.AcceptAsync(invite)).Error);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_newer_link_or_disabling_withdraws_it(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var old = await InviteAsync(rig);
        var replaced = (await rig.Get<NewInvite>().ExecuteAsync(rig.Administrator, old.OperatorId, CancellationToken.None)).Value;
        Assert.Equal(AcceptInvite.Refused, (await rig.AcceptAsync(old)).Error);
        Assert.True((await rig.DisableByAsync(rig.Administrator, Actor.Operator(old.OperatorId, "nina"))).IsSuccess);

        Assert.Equal(AcceptInvite.Refused, (await rig.AcceptAsync(replaced)).Error);
        Assert.Equal("OperatorIsDisabled", (await rig.Get<NewInvite>().ExecuteAsync(rig.Administrator, old.OperatorId, CancellationToken.None)).Error?.Code);
        Assert.Equal(0, await rig.QueryAsync(static db => db.OperatorInvites.CountAsync(static i => i.RevokedAt == null)));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Neither_the_database_nor_the_trail_holds_the_token(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var invite = await InviteAsync(rig);
        var token = OperatorRig.TokenOf(invite);
        Assert.True((await rig.AcceptAsync(invite)).IsSuccess);
        await rig.AcceptAsync(invite);

        Assert.Equal(43, token.Length);
        Assert.DoesNotContain(token, invite.ToString(), StringComparison.Ordinal);
        var stored = await rig.QueryAsync(static db => db.OperatorInvites.Select(static i => i.TokenHash).SingleAsync());
        Assert.NotEqual(token, stored, StringComparer.Ordinal);
        var trail = await rig.QueryAsync(static db => db.AuditEntries.Select(static e => e.SubjectId + e.Reason + e.Before + e.After + e.Details + e.CorrelationId).ToListAsync());
        Assert.DoesNotContain(trail, text => text.Contains(token, StringComparison.Ordinal) || text.Contains(stored, StringComparison.Ordinal));
        Assert.Equal(1, await rig.AuditedAsync("operator.invite-refused", "invite"));
    }

    [Theory]
    [InlineData("short", "PasswordTooShort")]
    [InlineData("password1234", "PasswordCommon")]
    [InlineData("PASSWORD1234", "PasswordCommon")]
    [InlineData("aaaaaaaaaaaaaaaa", "PasswordCommon")]
    [InlineData("nina-is-the-best", "PasswordIsName")]
    [InlineData("correct horse battery", null)]
    public async Task A_weak_password_is_refused_and_the_link_stays(string password, string? error)
    {
        await using var rig = await ConsoleRig.StartAsync(DatabaseKind.Sqlite);
        var invite = await InviteAsync(rig);

        Assert.Equal(error, (await rig.AcceptAsync(invite, password)).Error?.Code);
        Assert.Equal(error is not null, (await FindAsync(rig, invite)).IsSuccess);
    }

    [Fact]
    public async Task Guessing_is_slowed_down_and_one_entry_counts_it()
    {
        await using var rig = await ConsoleRig.StartAsync(DatabaseKind.Sqlite);
        var accept = rig.Get<AcceptInvite>();
        var errors = new List<Error?>();
        for (var i = 0; i < 40; i++)
        {
            errors.Add((await accept.FindAsync("guess " + i, "192.0.2.9", CancellationToken.None)).Error);
        }

        Assert.Equal(30, errors.Count(static error => error == AcceptInvite.Refused));
        Assert.Equal(10, errors.Count(static error => error == SignIn.TooMany));
        Assert.Equal(1, await rig.AuditedAsync("operator.invite-refused", "invite"));
    }

    private static Task<Result<Operator>> FindAsync(ConsoleRig rig, InviteLink invite) =>
        rig.Get<AcceptInvite>().FindAsync(OperatorRig.TokenOf(invite), "192.0.2.1", CancellationToken.None);

    private static async Task<InviteLink> InviteAsync(ConsoleRig rig) => (await rig.CreateAsync(rig.Administrator, "nina", Role.Treasury)).Value.Invite;
}
