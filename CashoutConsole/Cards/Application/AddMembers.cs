using CashoutConsole.Audit.Application;
using CashoutConsole.Audit.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Application;
using CashoutConsole.Persistence;
using CashoutConsole.Providers.Contracts;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Cards.Application;

/// <summary>
/// The member directory: that provider cannot list its members, so people add usernames, one or many. Each is proved by one balance
/// call before it is stored.
/// </summary>
[UseCase(Permission.MaintainMemberDirectory)]
public sealed class AddMembers(
    AccessGate gate, IDbContextFactory<CashoutDbContext> contexts, UnitOfWork work, IProviderRegistry registry, ChangeFeed feed, TimeProvider clock)
{
    public const int MaxUsernames = 1000;

    /// <summary>The provider's own limit: 1 to 25 letters and digits.</summary>
    public const int MaxUsernameLength = 25;

    public enum MemberResult
    {
        Added,
        AlreadyKnown,
        NotAUsername,
        NotFound,
        CouldNotAsk,
    }

    public sealed record Line(string Username, MemberResult Result, ProviderFault? Fault);

    /// <param name="usernames">As typed or pasted: separated by line breaks, commas, semicolons or spaces.</param>
    public async Task<Result<IReadOnlyList<Line>>> ExecuteAsync(Actor actor, Guid providerAccountId, string usernames, CancellationToken cancellation)
    {
        if (await gate.RefusalAsync(actor, Permission.MaintainMemberDirectory, nameof(AddMembers), cancellation) is { } refusal)
        {
            return refusal;
        }
        var names = usernames.Split(['\r', '\n', ',', ';', ' ', '\t'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Distinct(StringComparer.Ordinal).ToList();
        if (names.Count is 0 or > MaxUsernames)
        {
            return names.Count == 0 ? new Error("NoUsernames") : new Error("TooManyUsernames", MaxUsernames);
        }
        if (names.Exists(name => CardNumbers.ContainsCardNumber(name)))
        {
            return new Error("CardNumberInText");
        }
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var row = await db.ProviderAccounts.AsNoTracking().SingleOrDefaultAsync(p => p.Id == providerAccountId && p.Provider == ProviderKind.MemberWallet, cancellation);
        if (row is null || registry.Find(row.Name) is not { } provider)
        {
            return new Error("NoMemberWallet");
        }
        var lines = new Line[names.Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = cancellation };
        await Parallel.ForEachAsync(Enumerable.Range(0, names.Count), options, async (i, token) =>
            lines[i] = await AddAsync(actor, providerAccountId, provider, names[i], token));
        feed.Publish(new Change(ChangeKind.Account));
        return lines;
    }

    private async Task<Line> AddAsync(Actor actor, Guid providerAccountId, IPayoutProvider provider, string username, CancellationToken cancellation)
    {
        if (username.Length > MaxUsernameLength || !username.All(char.IsAsciiLetterOrDigit))
        {
            return new Line(username, MemberResult.NotAUsername, null);
        }
        var readAt = clock.Now();
        var reading = await provider.ReadAccountAsync(username, cancellation);
        if (reading.Value is not { } snapshot)
        {
            var unknown = reading.Fault?.Kind is ProviderFaultKind.NotFound;
            return new Line(username, unknown ? MemberResult.NotFound : MemberResult.CouldNotAsk, reading.Fault);
        }
        var result = await work.RunAsync<MemberResult>(actor, async scope =>
        {
            if (await scope.Db.Accounts.AnyAsync(a => a.ProviderAccountId == providerAccountId && a.ExternalId == username, cancellation))
            {
                return MemberResult.AlreadyKnown;
            }
            var account = AccountRefresher.NewAccount(providerAccountId, snapshot, "directory", scope.Now);
            AccountReadings.Apply(account, snapshot, readAt);
            scope.Db.Accounts.Add(account);
            scope.Record(new AuditDraft(AuditActions.MemberAdded, "account", account.Id.ToString())
            {
                After = AuditTrail.ToJson(new { username, account.Currency }),
            });
            return MemberResult.Added;
        }, cancellation);
        return new Line(username, result.IsSuccess ? result.Value : MemberResult.AlreadyKnown, null);
    }
}
