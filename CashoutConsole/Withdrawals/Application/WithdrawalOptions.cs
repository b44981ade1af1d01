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

    public TimeSpan Expiry => TimeSpan.FromHours(ExpiryHours);

    public IEnumerable<string> Faults()
    {
        if (ExpiryHours is not (> 0 and <= 24 * 30))
        {
            yield return "Withdrawals:ExpiryHours: set a number above 0 and up to 720";
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
