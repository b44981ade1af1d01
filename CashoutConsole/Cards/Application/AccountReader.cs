using CashoutConsole.Audit.Application;
using CashoutConsole.Cards.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Persistence;
using CashoutConsole.Providers.Contracts;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Cards.Application;

/// <summary>Reads one account at its provider and stores the reading. Not a use case of its own: those that need a fresh balance call it.</summary>
public sealed class AccountReader(IDbContextFactory<CashoutDbContext> contexts, UnitOfWork work, IProviderRegistry registry, TimeProvider clock)
{
    private static readonly Actor Reader = Actor.System("account-reader");

    /// <summary>Null = read and stored; else why not. An unknown account or provider is a fault too.</summary>
    public async Task<ProviderFault?> ReadAsync(Guid accountId, CancellationToken cancellation)
    {
        string? name, externalId;
        await using (var db = await contexts.CreateDbContextAsync(cancellation))
        {
            externalId = await db.Accounts.Where(a => a.Id == accountId).Select(static a => a.ExternalId).SingleOrDefaultAsync(cancellation);
            name = await db.ProviderAccounts
                .Where(p => db.Accounts.Any(a => a.Id == accountId && a.ProviderAccountId == p.Id))
                .Select(static p => p.Name).SingleOrDefaultAsync(cancellation);
        }
        if (externalId is null || name is null || registry.Find(name) is not { } provider)
        {
            return new ProviderFault(ProviderFaultKind.Other, RawText: "The provider account is not configured.");
        }
        var readAt = clock.Now();
        var reading = await provider.ReadAccountAsync(externalId, cancellation);
        if (reading.Value is { } snapshot)
        {
            await StoreAsync(accountId, snapshot, readAt, cancellation);
        }
        return reading.Fault;
    }

    /// <param name="readAt">When the question was asked: an older answer never replaces a newer one.</param>
    public async Task StoreAsync(Guid accountId, AccountSnapshot snapshot, DateTimeOffset readAt, CancellationToken cancellation) =>
        await work.RunAsync<Done>(Reader, async scope =>
        {
            var account = await scope.Db.Accounts.Include(static a => a.Cards).SingleAsync(a => a.Id == accountId, cancellation);
            AccountReadings.Apply(account, snapshot, readAt);
            scope.Announce(ChangeKind.Account, accountId);
            return Done.Value;
        }, cancellation);
}

/// <summary>Takes over what a provider reported. What a single reading leaves out (a holder, child cards) is kept.</summary>
public static class AccountReadings
{
    /// <param name="readAt">When the question was asked: an older answer never replaces a newer one.</param>
    public static void Apply(Account account, AccountSnapshot snapshot, DateTimeOffset readAt)
    {
        if (account.BalanceReadAt > readAt)
        {
            return;
        }
        account.Status = snapshot.Status;
        account.RawStatus = Fit(snapshot.RawStatus, 60)!;
        account.Currency = snapshot.Currency.Value;
        account.BalanceMillionths = snapshot.Balance is { } balance ? Money.ToMillionths(decimal.Round(balance, 6, MidpointRounding.ToZero)) : null;
        account.BalanceKind = snapshot.BalanceKind;
        account.BalanceReadAt = readAt;
        account.MaskedNumber = Fit(snapshot.MaskedNumber, 40) ?? account.MaskedNumber;
        account.DisplayName = Fit(snapshot.DisplayName, 200) ?? account.DisplayName;
        account.Holder = Fit(snapshot.Holder, 200) ?? account.Holder;
        account.LastSeenAt = readAt;
        account.Listed = true;
        if (snapshot.Facts.Count > 0)
        {
            account.Facts = AuditTrail.ToJson(snapshot.Facts.Select(static fact => new[] { fact.Name, Fit(fact.Value, 2000)! }));
        }
        foreach (var card in snapshot.Cards)
        {
            ApplyCard(account, card);
        }
    }

    private static void ApplyCard(Account account, ChildCard card)
    {
        var row = account.Cards.FirstOrDefault(c => c.ExternalId == card.ExternalId);
        if (row is null)
        {
            row = new AccountCard { AccountId = account.Id, ExternalId = card.ExternalId, Status = card.Status, RawStatus = card.RawStatus };
            account.Cards.Add(row);
        }
        row.Status = card.Status;
        row.RawStatus = Fit(card.RawStatus, 60)!;
        row.MaskedNumber = Fit(card.MaskedNumber, 40);
        row.Label = Fit(card.Label, 200);
    }

    /// <summary>The last line of the card-number firewall: text of providers is masked once more before it is stored, and fit for its column.</summary>
    internal static string? Fit(string? text, int maxLength) => text is null ? null : StorableText.Of(CardNumbers.Mask(text), maxLength);
}
