using CashoutConsole.Foundation;
using CashoutConsole.Identity.Application;
using CashoutConsole.Identity.Domain;
using CashoutConsole.Persistence;
using CashoutConsole.Tests.Support;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Tests.Identity;

public sealed class SignInTests
{
    private const string Password = "correct horse battery";

    private static readonly Device Somewhere = new("192.0.2.1", "test");
    private static readonly Device Nowhere = new(null, null);

    [Theory, OnSqlite, OnPostgres]
    public async Task The_right_password_signs_in_and_goes_on_record(DatabaseKind kind)
    {
        await using var rig = await StartAsync(kind);
        var result = await TryAsync(rig, Password);

        Assert.Equal([Role.Treasury], result.Value.SignedIn!.Operator.Roles.Select(static r => r.Role));
        Assert.Equal(1, await CountAsync(rig, "operator.signed-in"));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Five_wrong_passwords_lock_the_operator_out_for_a_quarter_of_an_hour(DatabaseKind kind)
    {
        await using var rig = await StartAsync(kind);
        for (var i = 0; i < SignIn.MaxFailures; i++)
        {
            Assert.Equal(SignIn.Refused, (await TryAsync(rig, "wrong")).Error);
        }
        Assert.Equal(SignIn.Refused, (await TryAsync(rig, Password)).Error);
        rig.Clock.Advance(SignIn.LockOut - TimeSpan.FromSeconds(1));
        Assert.Equal(SignIn.Refused, (await TryAsync(rig, Password)).Error);
        rig.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.True((await TryAsync(rig, Password)).IsSuccess);
    }

    [Fact]
    public async Task Nothing_tells_which_names_exist()
    {
        await using var rig = await StartAsync(DatabaseKind.Sqlite);
        var unknown = await rig.Get<SignIn>().ExecuteAsync("nobody", Password, Nowhere, CancellationToken.None);
        var wrong = await TryAsync(rig, "wrong");
        await rig.ChangeAsync(async db => (await db.Users.SingleAsync(static u => u.UserName == "ines")).DisabledAt = rig.Clock.Now());
        var disabled = await TryAsync(rig, Password);

        Assert.All(new[] { unknown, wrong, disabled }, static result => Assert.Equal(SignIn.Refused, result.Error));
    }

    [Fact]
    public async Task Too_many_tries_are_turned_away_before_any_password_is_hashed()
    {
        await using var rig = await StartAsync(DatabaseKind.Sqlite);
        var hasher = new CountingHasher();
        var signIn = new SignIn(rig.Get<IDbContextFactory<CashoutDbContext>>(), rig.Get<CashoutConsole.Audit.Application.UnitOfWork>(), hasher, rig.Get<SignInThrottle>(), rig.Get<TwoFactorEnrolment>(), rig.Get<SecondFactor>(), rig.Security);
        Error? last = null;
        for (var i = 0; i < 50; i++)
        {
            last = (await signIn.ExecuteAsync("nobody" + (i % 10), "wrong", Somewhere, CancellationToken.None)).Error;
        }
        Assert.Equal(SignIn.TooMany, last);
        Assert.Equal(30, hasher.Verified);
        rig.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(SignIn.Refused, (await signIn.ExecuteAsync("nobody", "wrong", Somewhere, CancellationToken.None)).Error);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_flood_of_refusals_is_one_entry_a_minute_that_counts_the_rest(DatabaseKind kind)
    {
        await using var rig = await StartAsync(kind);
        for (var i = 0; i < 40; i++)
        {
            await TryAsync(rig, "wrong");
        }
        Assert.Equal(1, await CountAsync(rig, "operator.sign-in-refused"));
        rig.Clock.Advance(TimeSpan.FromMinutes(1));
        await TryAsync(rig, "wrong");

        var last = await rig.QueryAsync(static db => db.AuditEntries.OrderByDescending(static e => e.Sequence).FirstAsync());
        Assert.Equal("{\"refusalsSinceLastEntry\":40}", last.Details);
    }

    [Fact]
    public async Task A_card_number_typed_as_a_user_name_reaches_no_record()
    {
        await using var rig = await StartAsync(DatabaseKind.Sqlite);
        await rig.Get<SignIn>().ExecuteAsync("4111111111111111", "wrong", Nowhere, CancellationToken.None);

        var entry = await rig.QueryAsync(static db => db.AuditEntries.OrderByDescending(static e => e.Sequence).FirstAsync());
        Assert.DoesNotContain("4111111111111111", entry.SubjectId + entry.Details + entry.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Operators_are_created_only_until_the_first_withdrawal()
    {
        await using var rig = await StartAsync(DatabaseKind.Sqlite);
        await rig.RequestAsync(await rig.AccountAsync(100), 10);
        var late = await rig.Get<OperatorDirectory>().CreateAsync(Actor.Console, new NewOperator("late", "Late", [Role.Supervisor], Password), CancellationToken.None);

        Assert.Equal("SetUpClosed", late.Error?.Code);
    }

    private static async Task<ConsoleRig> StartAsync(DatabaseKind kind)
    {
        var rig = await ConsoleRig.StartAsync(kind);
        var created = await rig.Get<OperatorDirectory>().CreateAsync(Actor.Console, new NewOperator("ines", "Ines", [Role.Treasury], Password), CancellationToken.None);
        Assert.True(created.IsSuccess);
        return rig;
    }

    private static Task<Result<SignInStep>> TryAsync(ConsoleRig rig, string password) => rig.Get<SignIn>().ExecuteAsync("Ines", password, Somewhere, CancellationToken.None);

    private static Task<int> CountAsync(ConsoleRig rig, string action) => rig.QueryAsync(db => db.AuditEntries.CountAsync(e => e.Action == action));

    private sealed class CountingHasher : IPasswordHasher<Operator>
    {
        public int Verified { get; private set; }

        public string HashPassword(Operator user, string password) => "";

        public PasswordVerificationResult VerifyHashedPassword(Operator user, string hashedPassword, string providedPassword)
        {
            Verified++;
            return PasswordVerificationResult.Failed;
        }
    }
}
