using CashoutConsole.Foundation;
using CashoutConsole.Identity.Application;
using CashoutConsole.Identity.Domain;
using CashoutConsole.Persistence;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Tests.Identity;

/// <summary>A console with one more operator, Ines, who has a password, and two-factor unless a test says otherwise.</summary>
public sealed class TwoFactorRig : IAsyncDisposable
{
    public const string Password = "correct horse battery";
    public const string UserName = "ines";

    public static readonly Device Laptop = new("192.0.2.1", "Mozilla/5.0 (X11; Linux x86_64) Firefox/150.0");

    private TwoFactorRig(ConsoleRig console) => Console = console;

    public ConsoleRig Console { get; }

    public FakeTimeProvider Clock => Console.Clock;

    public string OperatorId { get; private set; } = "";

    public byte[] Secret { get; } = Totp.NewSecret();

    public SignIn SignIn => Console.Get<SignIn>();

    public static async Task<TwoFactorRig> StartAsync(DatabaseKind kind, bool twoFactor = true, Role role = Role.Treasury, OperatingMode mode = OperatingMode.Rehearsal)
    {
        var rig = new TwoFactorRig(await ConsoleRig.StartAsync(kind, mode: mode));
        var created = await rig.Console.Get<OperatorDirectory>().CreateAsync(Actor.Console, new NewOperator(UserName, "Ines", [role], Password), CancellationToken.None);
        Assert.True(created.IsSuccess, created.Error?.ToString());
        rig.OperatorId = created.Value;
        if (twoFactor)
        {
            await rig.ChangeAsync(ines =>
            {
                ines.TotpSecret = rig.Console.Get<TotpSecrets>().Seal(ines.Id, rig.Secret);
                ines.TwoFactorSince = rig.Clock.Now();
            });
        }
        return rig;
    }

    public string Code(int stepsAhead = 0) => Totp.CodeOf(Secret, Totp.StepAt(Clock.Now()) + stepsAhead);

    /// <summary>Another code than the three that count.</summary>
    public string WrongCode() => Enumerable.Range(0, 10).Select(static digit => new string((char)('0' + digit), Totp.Digits)).First(code => Totp.Match(Secret, code, Clock.Now(), -1) is null);

    public Task ChangeAsync(Action<Operator> change) => Console.ChangeAsync(async db => change(await db.Users.SingleAsync(u => u.Id == OperatorId)));

    public Task<Operator> ReadAsync() => Console.QueryAsync(db => db.Users.AsNoTracking().SingleAsync(u => u.Id == OperatorId));

    public async Task<Result<SignInStep>> PasswordAsync(string password = Password) => await SignIn.ExecuteAsync(UserName, password, Laptop, CancellationToken.None);

    public async Task<PendingSignIn> PendingAsync() => (await PasswordAsync()).Value.Pending!;

    public async Task<Result<SignInStep>> ConfirmAsync(string code, PendingSignIn? pending = null) =>
        await SignIn.ConfirmAsync(pending ?? await PendingAsync(), code, Laptop, CancellationToken.None);

    /// <summary>Signed in with both factors.</summary>
    public async Task<Actor> SignedInAsync(int stepsAhead = 0) => ActorOf((await ConfirmAsync(Code(stepsAhead))).Value.SignedIn!);

    public static Actor ActorOf(SignedIn signedIn) => Actor.Operator(signedIn.Operator.Id, signedIn.Operator.DisplayName) with { SessionId = signedIn.Session.Id };

    public Task<int> CountAsync(string action) => Console.QueryAsync(db => db.AuditEntries.CountAsync(e => e.Action == action));

    public Task<string?> LastReasonAsync(string action) =>
        Console.QueryAsync(db => db.AuditEntries.Where(e => e.Action == action).OrderByDescending(static e => e.Sequence).Select(static e => e.Reason).FirstOrDefaultAsync());

    public ValueTask DisposeAsync() => Console.DisposeAsync();
}
