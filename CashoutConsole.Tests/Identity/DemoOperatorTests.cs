using CashoutConsole.Foundation;
using CashoutConsole.Identity.Application;
using CashoutConsole.Identity.Domain;
using CashoutConsole.Persistence;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Tests.Identity;

public sealed class DemoOperatorTests
{
    private static readonly Device Browser = new("127.0.0.1", null);

    [Fact]
    public async Task A_newcomer_signs_in_with_the_codes_that_are_shown_and_is_told_when_the_next_comes()
    {
        await using var rig = await StartAsync();
        var pending = await PendingAsync(rig);
        for (var i = 0; i <= 2 * Totp.Skew; i++)
        {
            var shown = await NextAsync(rig, pending.OperatorId);
            Assert.True((await rig.Get<SignIn>().ConfirmAsync(pending, shown!.Code, Browser, CancellationToken.None)).IsSuccess);
        }
        var none = await NextAsync(rig, pending.OperatorId);
        Assert.Null(none!.Code);
        rig.Clock.SetUtcNow(none.NextAt!.Value);
        Assert.NotNull((await NextAsync(rig, pending.OperatorId))!.Code);
    }

    [Fact]
    public async Task A_database_of_an_earlier_build_gets_what_it_lacks_and_a_secret_of_ones_own_stays()
    {
        await using var rig = await StartAsync();
        await rig.ChangeAsync(static async db => (await db.Users.SingleAsync(static u => u.UserName == "admin")).TwoFactorSince = null);
        var own = Totp.NewSecret();
        await rig.ChangeAsync(async db =>
        {
            var treasury = await db.Users.SingleAsync(static u => u.UserName == "treasury");
            treasury.TotpSecret = rig.Get<TotpSecrets>().Seal(treasury.Id, own);
        });
        await rig.Get<DemoSetUp>().EnsureAsync(CancellationToken.None);

        Assert.Equal(5, await rig.QueryAsync(static db => db.Users.CountAsync(static u => u.TwoFactorSince != null)));
        var row = await rig.QueryAsync(static db => db.Users.AsNoTracking().SingleAsync(static u => u.UserName == "treasury"));
        Assert.Equal(own, rig.Get<TotpSecrets>().Open(row.Id, row.TotpSecret));
        Assert.Null(await NextAsync(rig, row.Id));
    }

    [Fact]
    public async Task Codes_are_shown_in_development_on_rehearsal_databases_for_demo_operators_and_to_nobody_else()
    {
        await using var rig = await StartAsync();
        var id = (await PendingAsync(rig)).OperatorId;
        Assert.NotNull(await NextAsync(rig, id));
        Assert.Null(await NextAsync(rig, rig.Treasury.Id));
        var contexts = rig.Get<IDbContextFactory<CashoutDbContext>>();
        Assert.Null(await new DemoCodes(false, contexts, rig.Get<TotpSecrets>(), rig.Clock).NextAsync(id, CancellationToken.None));

        await using var live = await StartAsync(OperatingMode.Live);
        var liveId = await live.QueryAsync(static db => db.Users.Where(static u => u.UserName == "treasury").Select(static u => u.Id).SingleAsync());
        Assert.Null(await NextAsync(live, liveId));
    }

    [Fact]
    public void Every_demo_operator_has_a_documented_secret() =>
        Assert.All(DemoOperators.All, static demo => Assert.Equal(20, Base32.Decode(DemoOperators.Secrets[demo.UserName]).Length));

    private static async Task<ConsoleRig> StartAsync(OperatingMode mode = OperatingMode.Rehearsal)
    {
        var rig = await ConsoleRig.StartAsync(DatabaseKind.Sqlite, mode: mode);
        foreach (var demo in DemoOperators.All)
        {
            await rig.Get<OperatorDirectory>().CreateAsync(Actor.Console, demo, CancellationToken.None);
        }
        await rig.Get<DemoSetUp>().EnsureAsync(CancellationToken.None);
        return rig;
    }

    private static async Task<PendingSignIn> PendingAsync(ConsoleRig rig) =>
        (await rig.Get<SignIn>().ExecuteAsync("treasury", DemoOperators.Password, Browser, CancellationToken.None)).Value.Pending!;

    private static Task<DemoCode?> NextAsync(ConsoleRig rig, string operatorId) => rig.Get<DemoCodes>().NextAsync(operatorId, CancellationToken.None);
}
