using CashoutConsole.Foundation;

namespace CashoutConsole.Withdrawals.Application;

/// <summary>Settings of the section Withdrawals.</summary>
public sealed class WithdrawalOptions
{
    /// <summary>An unsent withdrawal expires after this many hours.</summary>
    public double ExpiryHours { get; set; } = 24;

    /// <summary>
    /// Per currency, for the first policy of a new database: at or above this amount a second person must approve. A currency that is not
    /// named always needs approval. Later changes are made in the console, by two people.
    /// </summary>
    public Dictionary<string, decimal> ApprovalThresholds { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The name of this process as a sender; two processes on one database must differ. Default: machine name and process id.</summary>
    public string? SenderName { get; set; }

    /// <summary>A plan is made from balances that are at most so many minutes old, and confirmed within the same time.</summary>
    public double PlanReadingMinutes { get; set; } = 15;

    /// <summary>A fresh balance that is further below the expected one than this share of it, and than <see cref="DriftAmount"/>, pauses a plan.</summary>
    public decimal DriftPercent { get; set; } = 1;

    /// <summary>In the account's currency.</summary>
    public decimal DriftAmount { get; set; } = 5;

    public TimeSpan PlanReadingAge => TimeSpan.FromMinutes(PlanReadingMinutes);

    public decimal DriftTolerance(decimal balance) => decimal.Round(Math.Max(DriftAmount, balance * DriftPercent / 100), 6, MidpointRounding.ToZero);

    public TimeSpan Expiry => TimeSpan.FromHours(ExpiryHours);

    public IEnumerable<string> Faults()
    {
        if (ExpiryHours is not (> 0 and <= 24 * 30))
        {
            yield return "Withdrawals:ExpiryHours: set a number above 0 and up to 720";
        }
        if (PlanReadingMinutes is not (>= 1 and <= 24 * 60))
        {
            yield return "Withdrawals:PlanReadingMinutes: set a number of minutes from 1 to 1440";
        }
        if (DriftPercent is not (>= 0 and <= 100))
        {
            yield return "Withdrawals:DriftPercent: set a number from 0 to 100";
        }
        if (DriftAmount is not (>= 0 and <= 1_000_000))
        {
            yield return "Withdrawals:DriftAmount: set an amount from 0 to 1000000";
        }
        foreach (var (currency, threshold) in ApprovalThresholds)
        {
            if (!CurrencyCode.TryParse(currency, out _))
            {
                yield return $"Withdrawals:ApprovalThresholds:{currency}: not a currency code";
            }
            if (threshold <= 0)
            {
                yield return $"Withdrawals:ApprovalThresholds:{currency}: set an amount above 0";
            }
        }
    }
}
