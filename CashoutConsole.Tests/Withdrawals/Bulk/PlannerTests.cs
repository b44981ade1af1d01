using CashoutConsole.Providers.Contracts;
using CashoutConsole.Tests.Support;
using CashoutConsole.Withdrawals.Domain;
using CashoutConsole.Withdrawals.Domain.Bulk;
using FsCheck;
using FsCheck.Fluent;

namespace CashoutConsole.Tests.Withdrawals.Bulk;

/// <summary>The plan as a pure function: what it sums to, what it leaves, and when it sends.</summary>
public sealed class PlannerTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 17, 14, 0, 0, TimeSpan.Zero);
    private static readonly Guid ProviderAccount = Guid.NewGuid();
    private static readonly ProviderSheet UnCash = Sheets.NoKey;

    [Fact]
    public void The_tail_is_shared_evenly_so_that_nothing_is_stranded()
    {
        var item = Assert.Single(Plan(UnCash, All(1, 30_000.50m)));
        Assert.Equal([10_000m, 10_000m, 5_000.25m, 5_000.25m], item.Legs.Select(static leg => leg.Amount));
        Assert.Equal([0, 15.5, 31, 46.5], item.Legs.Select(static leg => (leg.NotBefore - Now).TotalMinutes));
        Assert.Equal(0, item.Stranded);
    }

    [Fact]
    public void Cards_of_one_provider_account_queue_behind_one_cooldown_and_behind_what_is_scheduled()
    {
        var scope = new Dictionary<Guid, int> { [ProviderAccount] = 2 };
        var allowed = new Dictionary<Guid, DateTimeOffset> { [ProviderAccount] = Now.AddMinutes(4) };
        var plan = Planner.Plan([All(1, 100), All(2, 10_001), All(3, 50)], Providers(UnCash, allowed, scope), Now);
        Assert.Equal([35, 50.5, 66, 81.5], plan.SelectMany(static item => item.Legs).Select(static leg => (leg.NotBefore - Now).TotalMinutes));
    }

    [Fact]
    public void An_account_by_account_cooldown_lets_accounts_run_beside_each_other()
    {
        var sheet = UnCash with { CooldownScope = CooldownScope.Account };
        var plan = Plan(sheet, All(1, 100), All(2, 10_001));
        Assert.Equal([0, 0, 15.5], plan.SelectMany(static item => item.Legs).Select(static leg => (leg.NotBefore - Now).TotalMinutes));
    }

    [Theory]
    [InlineData(BulkAmountKind.All, "0", "0", LeftOutCodes.ZeroBalance)]
    [InlineData(BulkAmountKind.All, "0.99", "0", LeftOutCodes.BelowMinimum)]
    [InlineData(BulkAmountKind.Each, "50", "50.01", LeftOutCodes.LessThanAsked)]
    [InlineData(BulkAmountKind.Each, "50", "10.001", LeftOutCodes.TooManyDecimals)]
    [InlineData(BulkAmountKind.Each, "50", "0.5", LeftOutCodes.BelowMinimum)]
    [InlineData(BulkAmountKind.Leave, "50", "50", LeftOutCodes.NothingAbove)]
    [InlineData(BulkAmountKind.Leave, "50", "49.50", LeftOutCodes.BelowMinimum)]
    public void An_account_without_a_leg_has_a_named_reason(BulkAmountKind kind, string balance, string asked, string code)
    {
        var item = Assert.Single(Plan(UnCash, new PlanInput(1, Guid.NewGuid(), ProviderAccount, Number(balance), kind, Number(asked), null)));
        Assert.Empty(item.Legs);
        Assert.Equal(code, item.LeftOutCode);
    }

    [Fact]
    public void What_is_known_to_speak_against_an_account_is_kept()
    {
        var item = Assert.Single(Plan(UnCash, All(1, 100) with { LeftOutCode = "StatusFrozen" }));
        Assert.Empty(item.Legs);
        Assert.Equal("StatusFrozen", item.LeftOutCode);
    }

    [Fact]
    public void An_amount_that_no_division_fits_is_left_out_when_it_was_stated_and_stranded_when_all_is_asked()
    {
        var sheet = UnCash with { Minimum = 8_000 };
        Assert.Equal(LeftOutCodes.CannotBeSplit, Plan(sheet, new PlanInput(1, Guid.NewGuid(), ProviderAccount, 20_000, BulkAmountKind.Each, 15_000, null))[0].LeftOutCode);
        var all = Plan(sheet, All(1, 15_000))[0];
        Assert.Equal([10_000m], all.Legs.Select(static leg => leg.Amount));
        Assert.Equal(5_000, all.Stranded);
    }

    /// <summary>Legs sum to what is withdrawable, each within minimum, maximum and decimals, and what is stranded is less than the minimum.</summary>
    [Fact]
    public void Legs_fit_the_sheet_and_strand_nothing_that_could_be_sent() =>
        Prop.ForAll(Cases().ToArbitrary(), static input =>
        {
            var (balance, sheet) = input;
            var (legs, stranded) = LegSplit.Of(balance, sheet);
            return legs.All(leg => leg >= sheet.Minimum && (sheet.Maximum is not { } most || leg <= most) && leg == LegSplit.Truncate(leg, sheet.Decimals))
                && legs.Sum() + stranded == balance
                && stranded >= 0
                && (stranded < sheet.Minimum || legs.Count == LegSplit.MaxLegs);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_same_input_gives_the_same_plan() =>
        Prop.ForAll(Cases().ListOf().ToArbitrary(), static cases =>
        {
            var inputs = cases.Select(static (c, index) => new PlanInput(index + 1, Guid.NewGuid(), ProviderAccount, c.Balance, BulkAmountKind.All, 0, null)).ToList();
            var one = Planner.Plan(inputs, Providers(UnCash), Now);
            var other = Planner.Plan([.. inputs.AsEnumerable().Reverse()], Providers(UnCash), Now);
            return one.Zip(other).All(static pair => pair.First.Number == pair.Second.Number && pair.First.Legs.SequenceEqual(pair.Second.Legs) && pair.First.LeftOutCode == pair.Second.LeftOutCode)
                && one.SelectMany(static item => item.Legs).Zip(one.SelectMany(static item => item.Legs).Skip(1)).All(static pair => pair.Second.NotBefore - pair.First.NotBefore >= UnCash.Cooldown);
        }).QuickCheckThrowOnFailure();

    /// <summary>Walks a plan of ceilings with spending in between: no leg above its ceiling or the balance, each within the sheet, and the end strands nothing that could be sent.</summary>
    [Fact]
    public void Ceilings_are_recomputed_downwards_and_strand_nothing()
    {
        var gen = from c in Cases()
                  from spend in Gen.Choose(0, 300).ArrayOf(6)
                  select (c.Balance, c.Sheet, spend);
        Prop.ForAll(gen.ToArbitrary(), static input =>
        {
            var (balance, sheet, spend) = input;
            var ceilings = LegSplit.Of(balance, sheet).Legs.ToList();
            var left = ceilings.Sum();
            for (var index = 0; index < ceilings.Count; index++)
            {
                left = Math.Max(0, left - (spend[index % spend.Length] / 100m));
                if (LegSplit.Next(ceilings[index..], left, sheet) is not { } amount)
                {
                    break;
                }
                if (amount > ceilings[index] || amount > left || amount < sheet.Minimum || amount != LegSplit.Truncate(amount, sheet.Decimals))
                {
                    return false;
                }
                left -= amount;
            }
            // What is left was spent away around the last leg, or is less than a leg.
            return left < sheet.Minimum;
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("10000,10000,5000.25,5000.25", "30000.50", "10000")]
    [InlineData("5000.25,5000.25", "9999.90", "4999.95")]
    [InlineData("10000,5000.25,5000.25", "10000.30", "9999.30")]
    [InlineData("10000,5000", "14000", "9000")]
    [InlineData("10000", "9000.009", "9000")]
    public void The_next_leg_is_what_the_fresh_balance_allows(string ceilings, string balance, string expected) =>
        Assert.Equal(Number(expected), LegSplit.Next([.. ceilings.Split(',').Select(Number)], Number(balance), UnCash));

    [Fact]
    public void More_money_enlarges_no_leg_and_too_little_pauses_the_plan()
    {
        var stand = new PlanStand(Expected: 30_000, Tolerance: 300, [10_000, 10_000, 10_000], Keep: 0);
        Assert.Equal((10_000m, null), PlanRules.AmountNow(stand, 45_000, UnCash));
        Assert.Equal((10_000m, null), PlanRules.AmountNow(stand, 29_700, UnCash));
        Assert.Equal((null, ReasonCodes.DriftTooLarge), PlanRules.AmountNow(stand, 29_699.99m, UnCash));
        Assert.Equal((null, ReasonCodes.NothingLeft), PlanRules.AmountNow(new PlanStand(3, 5, [3], 0), 0.50m, UnCash));
        Assert.Equal((40m, null), PlanRules.AmountNow(new PlanStand(100, 20, [50], Keep: 50), 90, UnCash));
    }

    private static Gen<(decimal Balance, ProviderSheet Sheet)> Cases() =>
        from cents in Gen.Choose(0, 9_000_000)
        from decimals in Gen.Elements(0, 2, 6)
        from maximum in Gen.Elements<decimal?>(null, 50, 10_000, 9_999.99m)
        select (cents / 100m, UnCash with { Decimals = decimals, Maximum = maximum, Minimum = 1 });

    private static PlanInput All(int number, decimal balance) => new(number, Guid.NewGuid(), ProviderAccount, balance, BulkAmountKind.All, 0, null);

    private static IReadOnlyList<PlannedItem> Plan(ProviderSheet sheet, params PlanInput[] inputs) => Planner.Plan(inputs, Providers(sheet), Now);

    private static Dictionary<Guid, PlanProvider> Providers(ProviderSheet sheet, Dictionary<Guid, DateTimeOffset>? allowed = null, Dictionary<Guid, int>? ahead = null) =>
        new() { [ProviderAccount] = new PlanProvider(sheet, allowed ?? [], ahead ?? []) };

    private static decimal Number(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
