using CashoutConsole.Audit.Application;
using CashoutConsole.Withdrawals.Domain;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CashoutConsole.Tests.Rehearsal;

/// <summary>One withdrawal travels the whole way at each provider, undisturbed and with its answer lost; the sandbox ledger is the oracle.</summary>
public sealed class EveryProviderTests(EveryProviderTests.Shared shared) : IClassFixture<EveryProviderTests.Shared>
{
    private readonly RehearsalConsole _console = shared.Console;

    public static TheoryData<string, string> Providers => new()
    {
        { "Pikabao:main", "pikabao" },
        { "KeySecure:main", "keysecure" },
        { "Uqpay:main", "uqpay" },
        { "UnCash:main", "uncash" },
        { "MemberWallet:thb", "memberwallet" },
    };

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task A_withdrawal_settles_and_moves_the_money_exactly_once(string providerAccount, string sandboxName)
    {
        var account = await _console.AccountWithAsync(providerAccount, 12.34m);

        var id = await _console.RequestAsync(account, 12.34m);
        var settled = await _console.WaitForAsync(id, WithdrawalStatus.Succeeded);

        Assert.Equal(12.34m, settled.Settled!.Value.Amount);
        Assert.Equal([12.34m], await _console.EffectsAsync(sandboxName, account.ExternalId));
        await using var db = await _console.ContextAsync();
        var actions = await db.AuditEntries.Where(e => e.CorrelationId == id.ToString()).OrderBy(e => e.Sequence).Select(e => e.Action).ToListAsync();
        Assert.Equal("withdrawal.requested", actions[0]);
        Assert.Equal("withdrawal.sending", actions[1]);
        Assert.Equal("withdrawal.succeeded", actions[^1]);
        Assert.True((await _console.Services.GetRequiredService<ChainVerifier>().VerifyAsync(null, CancellationToken.None)).IsWhole);
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task A_lost_answer_is_settled_from_evidence_and_never_pays_twice(string providerAccount, string sandboxName)
    {
        var account = await _console.AccountWithAsync(providerAccount, 12.34m);
        await _console.FaultAsync(sandboxName, "withdraw", "drop_after_effect");

        var id = await _console.RequestAsync(account, 12.34m);
        var settled = await _console.WaitForAsync(id, WithdrawalStatus.Succeeded);

        Assert.NotNull(settled.FinalAt);
        Assert.Equal([12.34m], await _console.EffectsAsync(sandboxName, account.ExternalId));
        await using var db = await _console.ContextAsync();
        Assert.True(await db.StatusChanges.AnyAsync(s => s.WithdrawalId == id && s.To == WithdrawalStatus.OutcomeUnknown));
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task A_request_lost_before_its_effect_is_never_called_failed(string providerAccount, string sandboxName)
    {
        // An open UnCash outcome holds its whole provider account, so this one takes another.
        var account = await _console.AccountWithAsync(providerAccount == "UnCash:main" ? "UnCash:apac" : providerAccount, 12.34m);
        await _console.FaultAsync(sandboxName, "withdraw", "drop_before_effect");

        var id = await _console.RequestAsync(account, 12.34m);
        await _console.WaitForAsync(id, static w => w.Status is WithdrawalStatus.OutcomeUnknown or WithdrawalStatus.Succeeded, "an open outcome");
        var replays = providerAccount is "Uqpay:main" or "MemberWallet:thb";
        var seen = replays
            ? await _console.WaitForAsync(id, WithdrawalStatus.Succeeded)
            : await _console.WaitForAsync(id, static w => w.Checks >= 2, "two look-ups");

        Assert.Equal(replays ? WithdrawalStatus.Succeeded : WithdrawalStatus.OutcomeUnknown, seen.Status);
        Assert.Equal(replays ? [12.34m] : [], await _console.EffectsAsync(sandboxName, account.ExternalId));
    }

    [Fact]
    public async Task A_member_is_cashed_out_natively_and_ends_at_zero()
    {
        var account = await _console.AccountWithAsync("MemberWallet:thb", 5m);
        var balance = account.Balance!.Value.Amount;

        var id = await _console.RequestAsync(account, balance, all: true);
        var settled = await _console.WaitForAsync(id, WithdrawalStatus.Succeeded);

        Assert.Equal(balance, settled.Settled!.Value.Amount);
        Assert.Equal(NativeAll, settled.Mode.ToString());
        Assert.Equal([balance], await _console.EffectsAsync("memberwallet", account.ExternalId));
    }

    private const string NativeAll = "NativeAll";

    /// <summary>One console for all: starting it is the slow part. UnCash's pause is turned off at both ends.</summary>
    public sealed class Shared : IAsyncLifetime
    {
        public RehearsalConsole Console { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Console = await RehearsalConsole.StartAsync(
                ("Providers:MemberWallet:Accounts:thb:DuplicateGraceSeconds", "1"),
                ("Providers:UnCash:Accounts:main:CooldownMinutes", "0"),
                ("Providers:UnCash:Accounts:main:CooldownMarginSeconds", "0"));
            await Console.SandboxSettingAsync("uncash.cooldown.minutes", "0");
        }

        public async Task DisposeAsync() => await Console.DisposeAsync();
    }
}
