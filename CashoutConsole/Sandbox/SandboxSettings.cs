using System.Collections.Frozen;
using System.Globalization;

namespace CashoutConsole.Sandbox;

/// <summary>
/// The switches for everything that the providers' pages leave open (POST /_control/settings). A name that is not in
/// <see cref="Defaults"/> is refused, so that a typing slip cannot pass for a test of the other mode.
/// </summary>
internal static class SandboxSettings
{
    public const string SettleDelay = "settle.delayMs";
    public const string ClockOffset = "clock.offsetTicks";
    public const string Seeded = "seeded";

    public const string PikabaoDuplicate = "pikabao.duplicate";
    public const string PikabaoEncoder = "pikabao.encoder";
    public const string PikabaoErrorStatus = "pikabao.errorStatus";
    public const string PikabaoRowIdIsOrderId = "pikabao.rowIdIsOrderId";
    public const string PikabaoRowCardNumber = "pikabao.rowCardNumber";
    public const string PikabaoStateAsText = "pikabao.stateAsText";
    public const string PikabaoOmitBalance = "pikabao.omitBalance";

    public const string KeySecureDuplicate = "keysecure.duplicate";
    public const string KeySecureTransfer = "keysecure.transfer";
    public const string KeySecureListStatus = "keysecure.listStatus";
    public const string KeySecureMode = "keysecure.mode";
    public const string KeySecureTokenKillsOlder = "keysecure.tokenKillsOlder";

    public const string UqpayTokenKillsOlder = "uqpay.tokenKillsOlder";
    public const string UqpayLenientToken = "uqpay.lenientToken";
    public const string UqpayAmounts = "uqpay.amounts";
    public const string UqpaySettle = "uqpay.settle";
    public const string UqpayShare = "uqpay.share";
    public const string UqpayTokenRate = "uqpay.rate.token";
    public const string UqpayRate = "uqpay.rate.other";

    public const string UnCashCooldownScope = "uncash.cooldown.scope";
    public const string UnCashCooldownCounts = "uncash.cooldown.counts";
    public const string UnCashCooldownMinutes = "uncash.cooldown.minutes";
    public const string UnCashStatus = "uncash.status";
    public const string UnCashShowWithdrawals = "uncash.showWithdrawals";

    public const string MemberCashoutDuplicate = "memberwallet.duplicate.cashout";
    public const string MemberTransactionDuplicate = "memberwallet.duplicate.transaction";
    public const string MemberClockSeconds = "memberwallet.clockSeconds";

    /// <summary>Every switch with its default; the comment lists the other values.</summary>
    public static readonly FrozenDictionary<string, string> Defaults = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [SettleDelay] = "", // milliseconds; empty = SandboxOptions.SettleDelay
        [PikabaoDuplicate] = "same_result", // refuse
        [PikabaoEncoder] = "js", // java
        [PikabaoErrorStatus] = "200", // any HTTP status
        [PikabaoRowIdIsOrderId] = "false",
        [PikabaoRowCardNumber] = "full", // masked
        [PikabaoStateAsText] = "false",
        [PikabaoOmitBalance] = "false",
        [KeySecureDuplicate] = "refuse", // same_result
        [KeySecureTransfer] = "Success", // Pending (then Success), Fail (Pending, then Fail)
        [KeySecureListStatus] = "true", // false = rows without status
        [KeySecureMode] = "CREDIT_EXTENSION", // AUTHORIZATION
        [KeySecureTokenKillsOlder] = "false",
        [UqpayTokenKillsOlder] = "false",
        [UqpayLenientToken] = "false", // true = a bare token is accepted
        [UqpayAmounts] = "string", // number
        [UqpaySettle] = "async", // instant
        [UqpayShare] = "refuse", // limit = a withdrawal from a SHARE card lowers its limit
        [UqpayTokenRate] = "60",
        [UqpayRate] = "200",
        [UnCashCooldownScope] = "wallet", // card
        [UnCashCooldownCounts] = "attempts", // successes, all (refused ones and bad input too)
        [UnCashCooldownMinutes] = "15",
        [UnCashStatus] = "mapped", // always200
        [UnCashShowWithdrawals] = "false",
        [MemberCashoutDuplicate] = "same_result", // code3
        [MemberTransactionDuplicate] = "code3", // same_result
        [MemberClockSeconds] = "300",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static string Setting(this SandboxTransaction transaction, string name) =>
        transaction.Stored(name) ?? Defaults[name];

    public static bool IsOn(this SandboxTransaction transaction, string name) => transaction.Setting(name) == "true";

    public static long Number(this SandboxTransaction transaction, string name) =>
        long.Parse(transaction.Setting(name), NumberStyles.Integer, CultureInfo.InvariantCulture);

    public static string? Stored(this SandboxTransaction transaction, string name) =>
        transaction.Scalar<string>("SELECT value FROM settings WHERE name = $n", ("$n", name));

    public static void Store(this SandboxTransaction transaction, string name, string value) =>
        transaction.Execute("INSERT INTO settings (name, value) VALUES ($n, $v) ON CONFLICT (name) DO UPDATE SET value = $v", ("$n", name), ("$v", value));
}
