using System.Security.Claims;
using CashoutConsole.Audit.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Application;
using CashoutConsole.Identity.Domain;
using CashoutConsole.Identity.Infrastructure;
using CashoutConsole.Persistence;
using CashoutConsole.Tests.Support;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Tests.Identity;

/// <summary>How long a sign-in lasts, and who ends it.</summary>
public sealed class SessionTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task A_session_that_nobody_uses_is_over_and_stays_over(DatabaseKind kind)
    {
        await using var rig = await TwoFactorRig.StartAsync(kind);
        var principal = PrincipalOf((await rig.ConfirmAsync(rig.Code())).Value.SignedIn!);
        var check = rig.Console.Get<SessionCheck>();
        rig.Clock.Advance(rig.Console.Security.IdleTimeout);
        Assert.True(await check.IsCurrentAsync(principal, CancellationToken.None));
        await check.SeenAsync(principal, CancellationToken.None);
        rig.Clock.Advance(rig.Console.Security.IdleTimeout);
        Assert.True(await check.IsCurrentAsync(principal, CancellationToken.None));

        rig.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.False(await check.IsCurrentAsync(principal, CancellationToken.None));
        await check.SeenAsync(principal, CancellationToken.None);
        Assert.False(await check.IsCurrentAsync(principal, CancellationToken.None));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task However_busy_a_session_ends_at_its_absolute_end(DatabaseKind kind)
    {
        await using var rig = await TwoFactorRig.StartAsync(kind);
        var signedIn = (await rig.ConfirmAsync(rig.Code())).Value.SignedIn!;
        var (principal, check) = (PrincipalOf(signedIn), rig.Console.Get<SessionCheck>());
        while (rig.Clock.Now() + TimeSpan.FromMinutes(20) < signedIn.Session.EndsAt)
        {
            rig.Clock.Advance(TimeSpan.FromMinutes(20));
            await check.SeenAsync(principal, CancellationToken.None);
            Assert.True(await check.IsCurrentAsync(principal, CancellationToken.None));
        }
        rig.Clock.SetUtcNow(signedIn.Session.EndsAt);
        Assert.False(await check.IsCurrentAsync(principal, CancellationToken.None));
    }

    [Fact]
    public async Task The_last_use_is_written_at_most_once_a_minute()
    {
        await using var rig = await TwoFactorRig.StartAsync(DatabaseKind.Sqlite);
        var signedIn = (await rig.ConfirmAsync(rig.Code())).Value.SignedIn!;
        var check = rig.Console.Get<SessionCheck>();
        rig.Clock.Advance(TimeSpan.FromSeconds(59));
        await check.SeenAsync(PrincipalOf(signedIn), CancellationToken.None);
        Assert.Equal(signedIn.Session.LastSeenAt, await LastSeenAsync(rig, signedIn));
        rig.Clock.Advance(TimeSpan.FromSeconds(1));
        await check.SeenAsync(PrincipalOf(signedIn), CancellationToken.None);
        Assert.Equal(rig.Clock.Now(), await LastSeenAsync(rig, signedIn));
    }

    [Theory]
    [InlineData("/accounts", true)]
    [InlineData(OperatorCookieEvents.SeenPath, true)]
    [InlineData("/_blazor", false)]
    [InlineData("/_blazor/negotiate", false)]
    [InlineData("/_Blazor/disconnect", false)]
    public async Task A_page_that_only_sits_there_does_not_keep_the_session(string path, bool counts)
    {
        await using var rig = await TwoFactorRig.StartAsync(DatabaseKind.Sqlite);
        var signedIn = (await rig.ConfirmAsync(rig.Code())).Value.SignedIn!;
        rig.Clock.Advance(TimeSpan.FromMinutes(5));
        var context = new CookieValidatePrincipalContext(
            new DefaultHttpContext { Request = { Path = path } },
            new AuthenticationScheme("cookies", null, typeof(CookieAuthenticationHandler)),
            new CookieAuthenticationOptions(),
            new AuthenticationTicket(PrincipalOf(signedIn), "cookies"));
        await new OperatorCookieEvents(rig.Console.Get<SessionCheck>()).ValidatePrincipal(context);

        Assert.NotNull(context.Principal);
        Assert.Equal(counts, await LastSeenAsync(rig, signedIn) == rig.Clock.Now());
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Ending_another_session_ends_its_rights_at_once_and_goes_on_record(DatabaseKind kind)
    {
        await using var rig = await TwoFactorRig.StartAsync(kind);
        var here = await rig.SignedInAsync(-1);
        var other = (await rig.ConfirmAsync(rig.Code())).Value.SignedIn!;
        var end = rig.Console.Get<EndOwnSession>();
        Assert.True((await end.ExecuteAsync(here, other.Session.Id, CancellationToken.None)).IsSuccess);

        Assert.False(await rig.Console.Get<SessionCheck>().IsCurrentAsync(PrincipalOf(other), CancellationToken.None));
        Assert.Equal(AccessGate.Forbidden, (await rig.Console.Get<ShowOwnSecurity>().ExecuteAsync(TwoFactorRig.ActorOf(other), CancellationToken.None)).Error);
        Assert.Equal("SessionNotFound", (await end.ExecuteAsync(here, other.Session.Id, CancellationToken.None)).Error?.Code);
        Assert.Equal("SessionNotFound", (await end.ExecuteAsync(here, rig.Console.Treasury.SessionId!.Value, CancellationToken.None)).Error?.Code);
        Assert.Equal(1, await rig.CountAsync(AuditActions.SessionEnded));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Signing_out_everywhere_else_leaves_this_session_and_those_of_others(DatabaseKind kind)
    {
        await using var rig = await TwoFactorRig.StartAsync(kind);
        await rig.SignedInAsync(-1);
        await rig.SignedInAsync(0);
        var here = await rig.SignedInAsync(1);
        Assert.Equal(2, (await rig.Console.Get<EndOtherSessions>().ExecuteAsync(here, CancellationToken.None)).Value);

        var view = (await rig.Console.Get<ShowOwnSecurity>().ExecuteAsync(here, CancellationToken.None)).Value;
        Assert.Equal(here.SessionId, Assert.Single(view.Sessions).Id);
        Assert.Equal(2, await rig.CountAsync(AuditActions.SessionEnded));
        Assert.Equal(6, await rig.Console.QueryAsync(db => db.OperatorSessions.CountAsync(s => s.OperatorId != rig.OperatorId && s.EndedAt == null)));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Signing_out_ends_the_session(DatabaseKind kind)
    {
        await using var rig = await TwoFactorRig.StartAsync(kind);
        var signedIn = (await rig.ConfirmAsync(rig.Code())).Value.SignedIn!;
        await rig.SignIn.SignedOutAsync(TwoFactorRig.ActorOf(signedIn), CancellationToken.None);

        Assert.False(await rig.Console.Get<SessionCheck>().IsCurrentAsync(PrincipalOf(signedIn), CancellationToken.None));
        Assert.Equal(1, await rig.CountAsync(AuditActions.SignedOut));
    }

    [Fact]
    public async Task A_cookie_without_a_session_or_with_another_persons_is_worth_nothing()
    {
        await using var rig = await TwoFactorRig.StartAsync(DatabaseKind.Sqlite);
        var signedIn = (await rig.ConfirmAsync(rig.Code())).Value.SignedIn!;
        var check = rig.Console.Get<SessionCheck>();
        Assert.True(await check.IsCurrentAsync(PrincipalOf(signedIn), CancellationToken.None));
        Assert.False(await check.IsCurrentAsync(OperatorPrincipal.Of(signedIn.Operator, Guid.NewGuid()), CancellationToken.None));
        Assert.False(await check.IsCurrentAsync(OperatorPrincipal.Of(signedIn.Operator, rig.Console.Treasury.SessionId!.Value), CancellationToken.None));
        await rig.ChangeAsync(ines => ines.DisabledAt = rig.Clock.Now());
        Assert.False(await check.IsCurrentAsync(PrincipalOf(signedIn), CancellationToken.None));
    }

    private static ClaimsPrincipal PrincipalOf(SignedIn signedIn) => OperatorPrincipal.Of(signedIn.Operator, signedIn.Session.Id);

    private static Task<DateTimeOffset> LastSeenAsync(TwoFactorRig rig, SignedIn signedIn) =>
        rig.Console.QueryAsync(db => db.OperatorSessions.Where(s => s.Id == signedIn.Session.Id).Select(static s => s.LastSeenAt).SingleAsync());
}
