using CashoutConsole.Providers.Contracts;

namespace CashoutConsole.Withdrawals.Domain.Bulk;

/// <summary>One account as the planner sees it. Amounts in its currency.</summary>
/// <param name="Balance">The fresh reading; null = the provider named none.</param>
/// <param name="LeftOutCode">Already known why it cannot take part; null = nothing speaks against it so far.</param>
public sealed record PlanInput(int Number, Guid AccountId, Guid ProviderAccountId, decimal? Balance, BulkAmountKind Kind, decimal Asked, string? LeftOutCode);

/// <summary>What runs at one provider account before this plan.</summary>
/// <param name="NextAllowedAt">The cooldown that is running now, per scope (provider account or account id).</param>
/// <param name="Ahead">Withdrawals that are already scheduled, per scope.</param>
public sealed record PlanProvider(ProviderSheet Sheet, IReadOnlyDictionary<Guid, DateTimeOffset> NextAllowedAt, IReadOnlyDictionary<Guid, int> Ahead);

public sealed record PlannedLeg(decimal Amount, DateTimeOffset NotBefore);

/// <param name="Stranded">What stays because it is less than the provider's minimum or finer than its decimals.</param>
public sealed record PlannedItem(int Number, IReadOnlyList<PlannedLeg> Legs, decimal Stranded, string? LeftOutCode)
{
    public decimal Sum => Legs.Sum(static leg => leg.Amount);
}

/// <summary>
/// Makes the plan of a batch, a pure function: the same input gives the same plan. Every account either has legs that the sheet allows or
/// a named reason why not; legs on one cooldown stand at least that cooldown apart, behind what is scheduled already.
/// </summary>
public static class Planner
{
    public static IReadOnlyList<PlannedItem> Plan(IReadOnlyList<PlanInput> inputs, IReadOnlyDictionary<Guid, PlanProvider> providers, DateTimeOffset now)
    {
        var clocks = new Dictionary<Guid, DateTimeOffset>();
        return [.. inputs.OrderBy(static input => input.Number).Select(PlanOne)];

        PlannedItem PlanOne(PlanInput input)
        {
            if (input.LeftOutCode is { } known)
            {
                return LeftOut(input, known);
            }
            if (!providers.TryGetValue(input.ProviderAccountId, out var provider))
            {
                return LeftOut(input, LeftOutCodes.ProviderNotConfigured);
            }
            if (input.Balance is not { } balance)
            {
                return LeftOut(input, LeftOutCodes.BalanceUnknown);
            }
            if (WhyNothing(input, balance, provider.Sheet) is { } nothing)
            {
                return LeftOut(input, nothing);
            }
            var wanted = input.Kind switch
            {
                BulkAmountKind.Each => input.Asked,
                BulkAmountKind.Leave => balance - input.Asked,
                BulkAmountKind.All => balance,
            };
            var (amounts, stranded) = LegSplit.Of(wanted, provider.Sheet);
            if (input.Kind == BulkAmountKind.Each && amounts.Sum() != input.Asked)
            {
                return LeftOut(input, LeftOutCodes.CannotBeSplit);
            }
            return new PlannedItem(input.Number, [.. amounts.Select(amount => new PlannedLeg(amount, NextSlot(input, provider)))], stranded, null);
        }

        DateTimeOffset NextSlot(PlanInput input, PlanProvider provider)
        {
            var sheet = provider.Sheet;
            if (sheet.CooldownScope == CooldownScope.None)
            {
                return now;
            }
            var scope = sheet.CooldownScope == CooldownScope.ProviderAccount ? input.ProviderAccountId : input.AccountId;
            if (!clocks.TryGetValue(scope, out var slot))
            {
                slot = provider.NextAllowedAt.TryGetValue(scope, out var allowed) && allowed > now ? allowed : now;
                slot += provider.Ahead.GetValueOrDefault(scope) * sheet.Cooldown;
            }
            clocks[scope] = slot + sheet.Cooldown;
            return slot;
        }
    }

    private static string? WhyNothing(PlanInput input, decimal balance, ProviderSheet sheet) => input.Kind switch
    {
        _ when balance <= 0 => LeftOutCodes.ZeroBalance,
        BulkAmountKind.Each when LegSplit.Truncate(input.Asked, sheet.Decimals) != input.Asked || input.Asked <= 0 => LeftOutCodes.TooManyDecimals,
        BulkAmountKind.Each when input.Asked < sheet.Minimum => LeftOutCodes.BelowMinimum,
        BulkAmountKind.Each when input.Asked > balance => LeftOutCodes.LessThanAsked,
        BulkAmountKind.Leave when balance <= input.Asked => LeftOutCodes.NothingAbove,
        BulkAmountKind.Leave when LegSplit.Truncate(balance - input.Asked, sheet.Decimals) < sheet.Minimum => LeftOutCodes.BelowMinimum,
        BulkAmountKind.All when LegSplit.Truncate(balance, sheet.Decimals) < sheet.Minimum => LeftOutCodes.BelowMinimum,
        _ => null,
    };

    private static PlannedItem LeftOut(PlanInput input, string code) => new(input.Number, [], 0, code);
}

/// <summary>Why an account has no leg. Resource key "LeftOut_{code}"; the reasons of <see cref="Cards.Domain.WithdrawalBlock"/> go by their own names.</summary>
public static class LeftOutCodes
{
    public const string ProviderNotConfigured = nameof(Cards.Domain.WithdrawalBlock.ProviderNotConfigured);
    public const string BalanceUnknown = nameof(Cards.Domain.WithdrawalBlock.BalanceUnknown);
    public const string ZeroBalance = nameof(Cards.Domain.WithdrawalBlock.ZeroBalance);
    public const string BelowMinimum = nameof(Cards.Domain.WithdrawalBlock.BelowMinimum);
    public const string LessThanAsked = "LessThanAsked";
    public const string NothingAbove = "NothingAbove";
    public const string TooManyDecimals = "TooManyDecimals";
    public const string CannotBeSplit = "CannotBeSplit";
    public const string OpenWithdrawal = "OpenWithdrawal";
    public const string ReadingFailed = "ReadingFailed";
    public const string ReadingTooOld = "ReadingTooOld";
    public const string CurrencyDiffers = "CurrencyDiffers";
    public const string PaidBefore = "PaidBefore";
    public const string UnknownBefore = "UnknownBefore";

    public static IReadOnlyList<string> All { get; } =
    [
        .. Enum.GetNames<Cards.Domain.WithdrawalBlock>(),
        LessThanAsked, NothingAbove, TooManyDecimals, CannotBeSplit, OpenWithdrawal, ReadingFailed, ReadingTooOld, CurrencyDiffers, PaidBefore, UnknownBefore,
    ];
}
