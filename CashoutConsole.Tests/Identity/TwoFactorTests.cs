using CashoutConsole.Audit.Application;
using CashoutConsole.Audit.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Application;
using CashoutConsole.Identity.Domain;
using CashoutConsole.Persistence;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Tests.Identity;

/// <summary>Signing in with a second factor, and setting one up.</summary>
public sealed class TwoFactorTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task The_password_alone_opens_no_session_and_the_code_does(DatabaseKind kind)
    {
        await using var rig = await TwoFactorRig.StartAsync(kind);
        var first = (await rig.PasswordAsync()).Value;
        Assert.Null(first.SignedIn);
        Assert.Equal(0, await rig.Console.QueryAsync(db => db.OperatorSessions.CountAsync(s => s.OperatorId == rig.OperatorId)));
        Assert.Equal(1, await rig.CountAsync(AuditActions.PasswordAccepted));
        Assert.Equal(0, await rig.CountAsync(AuditActions.SignedIn));

        var second = (await rig.ConfirmAsync(rig.Code(), first.Pending!)).Value.SignedIn!;
        Assert.Equal(rig.Clock.Now() + rig.Console.Security.AbsoluteTimeout, second.Session.EndsAt);
        Assert.Equal(1, await rig.CountAsync(AuditActions.SignedIn));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Each_code_counts_once_and_none_before_it_afterwards(DatabaseKind kind)
    {
        await using var rig = await TwoFactorRig.StartAsync(kind);
        var code = rig.Code();
        Assert.True((await rig.ConfirmAsync(code)).IsSuccess);

        Assert.Equal(SecondFactor.Refused, (await rig.ConfirmAsync(code)).Error);
        Assert.Equal("code used before", await rig.LastReasonAsync(AuditActions.SignInRefused));
        Assert.Equal(SecondFactor.Refused, (await rig.ConfirmAsync(rig.Code(-1))).Error);
        Assert.True((await rig.ConfirmAsync(rig.Code(1))).IsSuccess);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Of_many_with_the_same_code_at_once_exactly_one_gets_in(DatabaseKind kind)
    {
        await using var rig = await TwoFactorRig.StartAsync(kind);
        var pending = await rig.PendingAsync();
        var code = rig.Code();
        var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => rig.ConfirmAsync(code, pending))));

        Assert.Single(results, static result => result.IsSuccess);
        Assert.Equal(1, await rig.Console.QueryAsync(db => db.OperatorSessions.CountAsync(s => s.OperatorId == rig.OperatorId)));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_code_judged_by_an_old_reading_is_still_spent_only_once(DatabaseKind kind)
    {
        await using var rig = await TwoFactorRig.StartAsync(kind);
        var old = await rig.ReadAsync();
        var code = rig.Code();

        Assert.Null((await ProveAsync(rig, old, code)).Refusal);
        Assert.Equal("code used before", (await ProveAsync(rig, old, code)).Refusal);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Wrong_codes_and_wrong_passwords_lock_out_together_and_a_right_password_forgives_nothing(DatabaseKind kind)
    {
        await using var rig = await TwoFactorRig.StartAsync(kind);
        var pending = await rig.PendingAsync();
        await rig.PasswordAsync("wrong");
        for (var i = 2; i < SignIn.MaxFailures; i++)
        {
            await rig.ConfirmAsync(rig.WrongCode(), pending);
        }
        Assert.True((await rig.PasswordAsync()).IsSuccess);
        Assert.Equal(SecondFactor.Refused, (await rig.ConfirmAsync(rig.WrongCode(), pending)).Error);

        Assert.Equal(SecondFactor.Refused, (await rig.ConfirmAsync(rig.Code(), pending)).Error);
        Assert.Equal(SignIn.Refused, (await rig.PasswordAsync()).Error);
        rig.Clock.Advance(SignIn.LockOut + TimeSpan.FromSeconds(1));
        Assert.True((await rig.ConfirmAsync(rig.Code())).IsSuccess);
        Assert.Equal(0, (await rig.ReadAsync()).AccessFailedCount);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Guesses_sent_at_once_are_counted_one_by_one(DatabaseKind kind)
    {
        await using var rig = await TwoFactorRig.StartAsync(kind);
        var pending = await rig.PendingAsync();
        var wrong = rig.WrongCode();
        await Task.WhenAll(Enumerable.Range(0, SignIn.MaxFailures).Select(_ => Task.Run(() => rig.ConfirmAsync(wrong, pending))));

        Assert.NotNull((await rig.ReadAsync()).LockoutEnd);
    }

    [Fact]
    public async Task Guessing_codes_is_rate_limited_with_the_passwords()
    {
        await using var rig = await TwoFactorRig.StartAsync(DatabaseKind.Sqlite);
        var pending = await rig.PendingAsync();
        for (var i = 0; i < 9; i++)
        {
            await rig.ConfirmAsync(rig.WrongCode(), pending);
        }
        Assert.Equal(SignIn.TooMany, (await rig.ConfirmAsync(rig.Code(), pending)).Error);
    }

    [Theory, OnSqlite]
    public async Task The_code_page_answers_alike_for_wrong_codes_and_for_people_who_may_not_sign_in(DatabaseKind kind)
    {
        await using var rig = await TwoFactorRig.StartAsync(kind);
        var pending = await rig.PendingAsync();
        var wrong = await rig.ConfirmAsync(rig.WrongCode(), pending);
        await rig.ChangeAsync(static ines => ines.SecurityStamp = "changed");
        var changed = await rig.ConfirmAsync(rig.Code(), pending);
        await rig.ChangeAsync(ines => (ines.SecurityStamp, ines.DisabledAt) = (pending.Stamp, rig.Clock.Now()));
        var disabled = await rig.ConfirmAsync(rig.Code(), pending);
        var disabledPassword = await rig.PasswordAsync();
        await rig.ChangeAsync(ines => (ines.DisabledAt, ines.LockoutEnd) = (null, rig.Clock.Now().AddMinutes(1)));
        var locked = await rig.ConfirmAsync(rig.Code(), pending);

        Assert.All(new[] { wrong, changed, disabled, locked }, static result => Assert.Equal(SecondFactor.Refused, result.Error));
        Assert.Equal(SignIn.Refused, disabledPassword.Error);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_recovery_code_signs_in_once_and_says_how_many_are_left(DatabaseKind kind)
    {
        await using var rig = await TwoFactorRig.StartAsync(kind);
        var codes = await RenewAsync(rig, await rig.SignedInAsync());
        Assert.Equal(RecoveryCodes.PerSet, codes.Distinct(StringComparer.Ordinal).Count());

        Assert.Equal(9, (await rig.ConfirmAsync(codes[3])).Value.SignedIn!.RecoveryCodesLeft);
        Assert.Equal(1, await rig.CountAsync(AuditActions.RecoveryCodeUsed));
        Assert.Equal(SecondFactor.Refused, (await rig.ConfirmAsync(codes[3])).Error);
        Assert.Equal(8, (await rig.ConfirmAsync(codes[4].ToLowerInvariant())).Value.SignedIn!.RecoveryCodesLeft);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_recovery_code_tried_at_many_places_at_once_counts_at_one(DatabaseKind kind)
    {
        await using var rig = await TwoFactorRig.StartAsync(kind);
        var codes = await RenewAsync(rig, await rig.SignedInAsync());
        var pending = await rig.PendingAsync();
        var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => rig.ConfirmAsync(codes[0], pending))));

        Assert.Single(results, static result => result.IsSuccess);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task New_recovery_codes_replace_the_old_ones(DatabaseKind kind)
    {
        await using var rig = await TwoFactorRig.StartAsync(kind);
        var actor = await rig.SignedInAsync();
        var old = await RenewAsync(rig, actor);
        var renewed = await RenewAsync(rig, actor);

        Assert.Equal(SecondFactor.Refused, (await rig.ConfirmAsync(old[0])).Error);
        Assert.True((await rig.ConfirmAsync(renewed[0])).IsSuccess);
        Assert.Equal(2, await rig.CountAsync(AuditActions.RecoveryCodesMade));
        var stored = await rig.Console.QueryAsync(static db => db.RecoveryCodes.AsNoTracking().ToListAsync());
        Assert.Equal(20, stored.Count);
        Assert.All(stored, code => Assert.DoesNotContain(code.Hash, renewed, StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(OperatingMode.Live, Role.Treasury, true)]
    [InlineData(OperatingMode.Live, Role.Supervisor, true)]
    [InlineData(OperatingMode.Live, Role.Administrator, true)]
    [InlineData(OperatingMode.Live, Role.Auditor, false)]
    [InlineData(OperatingMode.Rehearsal, Role.Treasury, false)]
    public async Task Where_the_money_is_real_the_powerful_sign_in_only_after_setting_two_factor_up(OperatingMode mode, Role role, bool required)
    {
        await using var rig = await TwoFactorRig.StartAsync(DatabaseKind.Sqlite, twoFactor: false, role, mode);
        var step = (await rig.PasswordAsync()).Value;
        Assert.Equal(required, step.SignedIn is null);
        Assert.Equal(required ? true : null, step.Pending?.Enrols);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Setting_it_up_on_the_way_in_takes_a_code_of_the_new_secret_and_opens_the_first_session(DatabaseKind kind)
    {
        await using var rig = await TwoFactorRig.StartAsync(kind, twoFactor: false, mode: OperatingMode.Live);
        var pending = await rig.PendingAsync();
        Assert.Equal(SecondFactor.Refused, (await rig.ConfirmAsync("123456", pending)).Error);
        var offer = rig.SignIn.Offer(pending, null);
        Assert.Equal(offer.Secret, rig.SignIn.Offer(pending, offer.Ticket).Secret);
        Assert.Equal(SecondFactor.Refused, (await EnrolAsync(rig, pending, offer, "000 00")).Error);
        Assert.Null((await rig.ReadAsync()).TwoFactorSince);

        var code = Totp.CodeOf(Base32.Decode(offer.Secret), Totp.StepAt(rig.Clock.Now()));
        var signedIn = (await EnrolAsync(rig, pending, offer, code)).Value.SignedIn!;
        Assert.Equal(RecoveryCodes.PerSet, signedIn.NewRecoveryCodes!.Count);
        Assert.DoesNotContain(offer.Secret, (await rig.ReadAsync()).TotpSecret!, StringComparison.Ordinal);
        Assert.Equal(SecondFactor.Refused, (await EnrolAsync(rig, pending, offer, code)).Error);
        Assert.Equal(SecondFactor.Refused, (await rig.ConfirmAsync(code)).Error);
        Assert.Equal(1, await rig.CountAsync(AuditActions.TwoFactorSetUp));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Setting_it_up_anew_needs_a_step_up_and_ends_the_other_sessions(DatabaseKind kind)
    {
        await using var rig = await TwoFactorRig.StartAsync(kind);
        var here = await rig.SignedInAsync(-1);
        var elsewhere = await rig.SignedInAsync();
        Assert.Equal(StepUps.Needed, (await OfferAsync(rig, here)).Error);
        await rig.Console.StepUpAsync(here);
        var offer = (await OfferAsync(rig, here)).Value;
        var setUp = rig.Console.Get<SetUpTwoFactor>();
        var code = Totp.CodeOf(Base32.Decode(offer.Secret), Totp.StepAt(rig.Clock.Now()));
        Assert.Equal(StepUps.Needed, (await setUp.ExecuteAsync(elsewhere, offer.Ticket, code, CancellationToken.None)).Error);

        Assert.True((await setUp.ExecuteAsync(here, offer.Ticket, code, CancellationToken.None)).IsSuccess);
        Assert.False(await IsLivingAsync(rig, elsewhere));
        Assert.True(await IsLivingAsync(rig, here));
        rig.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(SecondFactor.Refused, (await rig.ConfirmAsync(rig.Code())).Error);
    }

    [Fact]
    public async Task A_ticket_is_of_one_operator_and_one_quarter_of_an_hour()
    {
        await using var rig = await TwoFactorRig.StartAsync(DatabaseKind.Sqlite, twoFactor: false, mode: OperatingMode.Live);
        var pending = await rig.PendingAsync();
        var offer = rig.SignIn.Offer(pending, null);
        Assert.False(offer.Secret == rig.SignIn.Offer(pending with { OperatorId = rig.Console.Treasury.Id }, offer.Ticket).Secret);
        rig.Clock.Advance(TimeSpan.FromMinutes(16));
        Assert.False(offer.Secret == rig.SignIn.Offer(pending, offer.Ticket).Secret);
        Assert.Equal(SecondFactor.Refused, (await EnrolAsync(rig, pending, offer, Totp.CodeOf(Base32.Decode(offer.Secret), Totp.StepAt(rig.Clock.Now())))).Error);
    }

    [Fact]
    public async Task A_pending_sign_in_lasts_five_minutes_and_cannot_be_made_up()
    {
        await using var rig = await TwoFactorRig.StartAsync(DatabaseKind.Sqlite);
        var seals = rig.Console.Get<PendingSignIns>();
        var pending = await rig.PendingAsync();
        var text = seals.Seal(pending);
        Assert.Equal(pending, seals.Open(text));
        Assert.Null(seals.Open(text[..^2] + "AA"));
        Assert.Null(seals.Open("{}"));
        Assert.Null(seals.Open(null));
        rig.Clock.Advance(PendingSignIns.Lifetime);
        Assert.Null(seals.Open(text));
    }

    [Fact]
    public async Task A_secret_copied_to_another_operator_opens_nothing()
    {
        await using var rig = await TwoFactorRig.StartAsync(DatabaseKind.Sqlite);
        var secrets = rig.Console.Get<TotpSecrets>();
        var stored = (await rig.ReadAsync()).TotpSecret;
        Assert.Equal(rig.Secret, secrets.Open(rig.OperatorId, stored));
        Assert.Null(secrets.Open(rig.Console.Treasury.Id, stored));
    }

    private static async Task<Proof> ProveAsync(TwoFactorRig rig, Operator row, string code) =>
        (await rig.Console.Get<UnitOfWork>().RunAsync<Proof>(
            Actor.Console, async scope => await rig.Console.Get<SecondFactor>().ProveAsync(scope, row, code, CancellationToken.None), CancellationToken.None)).Value;

    private static async Task<IReadOnlyList<string>> RenewAsync(TwoFactorRig rig, Actor actor)
    {
        await rig.Console.StepUpAsync(actor);
        return (await rig.Console.Get<RenewRecoveryCodes>().ExecuteAsync(actor, CancellationToken.None)).Value;
    }

    private static Task<Result<TwoFactorOffer>> OfferAsync(TwoFactorRig rig, Actor actor) => rig.Console.Get<OfferTwoFactor>().ExecuteAsync(actor, null, CancellationToken.None);

    private static Task<Result<SignInStep>> EnrolAsync(TwoFactorRig rig, PendingSignIn pending, TwoFactorOffer offer, string code) =>
        rig.SignIn.EnrolAsync(pending, offer.Ticket, code, TwoFactorRig.Laptop, CancellationToken.None);

    private static Task<bool> IsLivingAsync(TwoFactorRig rig, Actor actor) =>
        rig.Console.QueryAsync(db => Sessions.IsLivingAsync(db, actor.Id, actor.SessionId!.Value, rig.Clock.Now(), rig.Console.Security, CancellationToken.None));
}
