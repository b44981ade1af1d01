using System.Data;
using System.Globalization;
using CashoutConsole.Cards.Application;
using CashoutConsole.Foundation;
using CashoutConsole.Persistence;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Tests.Support;
using CashoutConsole.Withdrawals.Application;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Tests.Withdrawals;

/// <summary>Card numbers are put wherever an adapter could let one slip and wherever people type; then every cell of the database is searched.</summary>
public sealed class CardNumberCanaryTests
{
    private static readonly string[] Canaries = ["4111111111111111", "5555555555554444", "378282246310005", "6011000990139424", "3530111333300000", "4012888888881881"];

    [Theory, OnSqlite, OnPostgres]
    public async Task A_card_number_reaches_no_row_whatever_a_provider_or_a_person_writes(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind, Sheets.NoKey with { Cooldown = TimeSpan.Zero });
        rig.Provider.Put(ConsoleRig.SnapshotOf("leaky", 100, Sheets.NoKey) with
        {
            MaskedNumber = Canaries[0],
            DisplayName = "my card " + Canaries[1],
            Holder = "Lena " + Canaries[2],
            RawStatus = "active " + Canaries[3],
            Facts = [new AccountFact("Note", Canaries[4])],
            Cards = [new ChildCard("child", Canaries[5], AccountStatus.Active, Canaries[0], "label " + Canaries[1])],
        });
        rig.Provider.OwnBalance = new ProviderFault(ProviderFaultKind.Other, "1", "wallet " + Canaries[2]);
        await rig.Get<AccountRefresher>().RefreshAsync(Actor.System("account-refresh"), rig.ProviderAccount.Id, CancellationToken.None);

        var leak = new ProviderFault(ProviderFaultKind.Other, "1", "card 4111 1111 1111 1111 refused, " + Canaries[1]);
        var wire = new WireRecord(200, new string('a', 64), "{\"number\":\"" + Canaries[2] + "\"}", null, TimeSpan.Zero);
        rig.Provider.Script(
            (_, _) => new SubmissionOutcome.Refused(leak, wire),
            (_, _) => new SubmissionOutcome.Unknown(leak, wire),
            (_, _) => new SubmissionOutcome.Succeeded(new Receipt { ExternalAccountId = Canaries[3] }, wire));
        for (var i = 0; i < 3; i++)
        {
            await rig.RequestAndSendAsync(await rig.AccountAsync(100), 10);
            rig.Clock.Advance(TimeSpan.FromHours(1));
            foreach (var open in await rig.QueryAsync(static db => db.Withdrawals.Where(static w => w.FinalAt == null && w.NextCheckAt != null).Select(static w => w.Id).ToListAsync()))
            {
                rig.Provider.ScriptLookup(_ => new LookupOutcome.CouldNotAsk(leak, "asked about " + Canaries[4], wire));
                await rig.ResolveAsync(open);
            }
        }
        rig.Provider.ReadingFault = leak;
        var unread = await rig.RequestAsync(await rig.AccountAsync(100), 10);
        await rig.SendAsync(unread);
        await TypeEverywhereAsync(rig);

        await AssertCleanAsync(rig);
        Assert.True((await rig.VerifyAsync()).IsWhole);
    }

    [Fact]
    public async Task The_search_finds_a_card_number_that_is_there()
    {
        await using var rig = await ConsoleRig.StartAsync(DatabaseKind.Sqlite);
        await rig.ChangeAsync(async db => (await db.ProviderAccounts.SingleAsync()).RefreshFaultText = "x " + Canaries[0]);
        await Assert.ThrowsAnyAsync<Xunit.Sdk.XunitException>(() => AssertCleanAsync(rig));
    }

    private static async Task TypeEverywhereAsync(ConsoleRig rig)
    {
        var account = await rig.AccountAsync(100);
        foreach (var canary in Canaries)
        {
            await rig.Get<RequestWithdrawal>().ExecuteAsync(rig.Treasury, rig.CommandFor(account, 10, reason: canary), CancellationToken.None);
            await rig.Get<CashoutConsole.Providers.Application.StopSending>().ExecuteAsync(rig.Treasury, new(Guid.Empty, "stop " + canary), CancellationToken.None);
            await rig.Get<ListAccounts>().ExecuteAsync(rig.Treasury, new AccountFilter { Search = canary }, 0, 1, CancellationToken.None);
            await rig.Get<ListWithdrawals>().ExecuteAsync(rig.Treasury, new WithdrawalFilter { Search = canary }, 0, 1, CancellationToken.None);
            await rig.Get<AddMembers>().ExecuteAsync(rig.Treasury, rig.ProviderAccount.Id, canary, CancellationToken.None);
            await rig.Get<CashoutConsole.Identity.Application.SignIn>().ExecuteAsync(canary, canary, new CashoutConsole.Identity.Application.Device(null, canary), CancellationToken.None);
            await rig.Get<CashoutConsole.Exports.Application.ExportAuditCsv>().ExecuteAsync(
                rig.Auditor, new CashoutConsole.Audit.Application.AuditFilter { Actor = canary, Subject = canary, Action = canary }, CancellationToken.None);
            await rig.Get<CashoutConsole.Exports.Application.ExportWithdrawalsCsv>().ExecuteAsync(
                rig.Auditor, new WithdrawalFilter { Currency = canary, MakerId = canary }, CancellationToken.None);
        }
    }

    private static async Task AssertCleanAsync(ConsoleRig rig)
    {
        await using var db = rig.Database.NewContext();
        await db.Database.OpenConnectionAsync();
        var tables = db.Model.GetEntityTypes().Select(static type => type.GetTableName()!).Distinct(StringComparer.Ordinal).ToList();
        Assert.True(tables.Count > 14);
        foreach (var table in tables)
        {
            await using var command = db.Database.GetDbConnection().CreateCommand();
#pragma warning disable CA2100 // The model's own table names.
            command.CommandText = $"SELECT * FROM {table}";
#pragma warning restore CA2100
            await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SequentialAccess);
            while (await reader.ReadAsync())
            {
                for (var column = 0; column < reader.FieldCount; column++)
                {
                    var name = reader.GetName(column);
                    var text = Convert.ToString(reader.GetValue(column), CultureInfo.InvariantCulture) ?? "";
                    Assert.True(!Canaries.Any(canary => text.Replace(" ", "", StringComparison.Ordinal).Contains(canary, StringComparison.Ordinal)), $"{table}.{name}: {text}");
                }
            }
        }
    }
}
