using System.Globalization;
using CashoutConsole.Foundation;

namespace CashoutConsole.Sandbox.Uqpay;

/// <summary>UQPay's objects as they travel. Amounts are strings, or numbers under the setting: the pages say one, the wire shows the other.</summary>
internal sealed class UqpayViews(bool amountsAsNumbers, SettledStage stage)
{
    private static readonly TimeSpan Zone = TimeSpan.FromHours(8);

    public object Card(SandboxAccount card) => new
    {
        card_id = card.Id,
        card_bin = card.Detail("number")[..8],
        card_scheme = card.Detail("scheme"),
        card_number = "************" + card.Detail("number")[^4..],
        form_factor = "VIRTUAL",
        mode_type = card.Detail("mode"),
        card_limit = Amount(card.Detail("mode") == "SHARE" ? card.Balance : 0),
        available_balance = Amount(card.Balance),
        cardholder = new
        {
            cardholder_id = card.Detail("cardholder_id"),
            cardholder_status = "SUCCESS",
            create_time = "2024-05-09 15:52:23",
            email = card.Detail("email"),
            first_name = card.Detail("first_name"),
            last_name = card.Detail("last_name"),
        },
        card_status = card.Status,
        card_currency = card.Currency,
        card_product_id = Seed.Uuid("uqpay product"),
        risk_controls = new { enable_3ds = "Y", allow_3ds_transactions = "Y", allowed_mcc = (string[]?)null, blocked_mcc = (string[]?)null },
        metadata = card.Name.Length == 0 ? (object)"" : new { name = card.Name },
        update_reason = "",
        consumed_amount = "51.00",
    };

    public object Order(SandboxOrder order) => new
    {
        card_id = order.AccountId,
        card_order_id = order.Id,
        order_type = "CARD_WITHDRAW",
        amount = Amount(order.Amount),
        card_currency = order.Currency,
        create_time = Time(order.CreatedAt),
        update_time = Time(order.ModifiedAt),
        complete_time = order.CompletedAt is { } at ? Time(at) : "",
        order_status = stage(order),
    };

    public object Balance(SandboxAccount wallet) => new
    {
        balance_id = wallet.Id,
        currency = wallet.Currency,
        available_balance = Amount(wallet.Balance),
        margin_balance = Amount(0),
        frozen_balance = Amount(0),
        create_time = Time(wallet.CreatedAt),
        last_trade_time = Time(wallet.ModifiedAt),
        balance_status = "ACTIVE",
    };

    public object LedgerRow(SandboxTransactionRow row, string accountId, string balanceId) => new
    {
        transaction_id = row.Id,
        short_transaction_id = row.Id[..8],
        account_id = accountId,
        balance_id = balanceId,
        transaction_type = row.Type,
        currency = row.Currency,
        amount = Amount(row.Amount),
        create_time = Time(row.CreatedAt),
        complete_time = Time(row.ModifiedAt),
        transaction_status = "COMPLETED",
        ending_balance = Amount(row.EndingBalance),
        description = "",
    };

    public object CardTransaction(SandboxTransactionRow row) => new
    {
        transaction_id = row.Id,
        card_id = row.AccountId,
        transaction_type = "AUTHORIZATION",
        transaction_status = "APPROVED",
        transaction_amount = Amount(Math.Abs(row.Amount)),
        transaction_currency = row.Currency,
        card_available_balance = Amount(row.EndingBalance),
        merchant_data = new { name = row.Merchant },
        transaction_time = Time(row.CreatedAt),
    };

    public static string Time(long at) => Clock.FromUnixMicroseconds(at).ToOffset(Zone).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);

    public static string TimeWithMilliseconds(long at) =>
        Clock.FromUnixMicroseconds(at).ToOffset(Zone).ToString("yyyy-MM-dd'T'HH:mm:ss.fffzzz", CultureInfo.InvariantCulture);

    private object Amount(long millionths) => amountsAsNumbers ? Amounts.Decimal(millionths) : Amounts.Text(millionths);
}

/// <summary>The order's status word at this moment: PENDING, PROCESSING, SUCCESS or FAILED.</summary>
internal delegate string SettledStage(SandboxOrder order);
