using CashoutConsole.Foundation;
using CashoutConsole.Providers.Http;

namespace CashoutConsole.Providers.Pikabao;

/// <summary>
/// One Pikabao account (Providers:Pikabao:Accounts:{key}). BaseUrl is the bare host: https://kf.pikabao.cc. What Pikabao's pages leave
/// open (paths, field names, the signature's character set) is a setting with the most likely value.
/// </summary>
public sealed class PikabaoSettings : ProviderAccountSettings
{
    /// <summary>appid.</summary>
    public string? AppId { get; set; }

    /// <summary>The secret that signs; never sent.</summary>
    public string? SecretKey { get; set; }

    /// <summary>No answer names a currency; prices on the pages are in dollars.</summary>
    public string Currency { get; set; } = "USD";

    public string CardListPath { get; set; } = "/agent/v1/cards/list";

    /// <summary>The field of a listed card that holds its balance.</summary>
    public string BalanceField { get; set; } = "cardBalance";

    /// <summary>Value of the list's "all" parameter that includes cards which are not active.</summary>
    public string AllValue { get; set; } = "true";

    /// <summary>Transaction list; empty = there is none, then lost answers are for people to settle.</summary>
    public string? TransactionsPath { get; set; } = "/agent/v1/cards/transactions";

    public int TransactionsPageSize { get; set; } = 100;

    /// <summary>Characters besides letters and digits that stay as they are when a value is encoded for the signature.</summary>
    public string EncoderSafeCharacters { get; set; } = "-_.*!~'()";

    /// <summary>Set to true only when it was proven with Pikabao that a repeated idempotentKey moves no second money.</summary>
    public bool KeyReplayProven { get; set; }

    /// <summary>Ask /agent/v1/tasks/query for cash-out orders too; its page names card openings only.</summary>
    public bool TaskQueryEnabled { get; set; }

    /// <summary>Path of a cash-out order query (GET, parameter id); empty = not known.</summary>
    public string? CashOutDetailPath { get; set; }

    public override string ClientIdentity => AppId ?? "";

    protected override IEnumerable<string> OwnFaults(string prefix)
    {
        if (Missing(prefix, nameof(AppId), AppId) is { } noApp)
        {
            yield return noApp;
        }
        if (Missing(prefix, nameof(SecretKey), SecretKey) is { } noSecret)
        {
            yield return noSecret;
        }
        if (!CurrencyCode.TryParse(Currency, out _))
        {
            yield return $"{prefix}{nameof(Currency)}: set a currency code such as USD";
        }
        if (!CardListPath.StartsWith('/'))
        {
            yield return $"{prefix}{nameof(CardListPath)}: set a path that begins with '/'";
        }
        if (!string.IsNullOrEmpty(TransactionsPath) && !TransactionsPath.StartsWith('/'))
        {
            yield return $"{prefix}{nameof(TransactionsPath)}: set a path that begins with '/', or leave it empty";
        }
        if (!string.IsNullOrEmpty(CashOutDetailPath) && !CashOutDetailPath.StartsWith('/'))
        {
            yield return $"{prefix}{nameof(CashOutDetailPath)}: set a path that begins with '/', or leave it empty";
        }
        if (string.IsNullOrWhiteSpace(BalanceField))
        {
            yield return $"{prefix}{nameof(BalanceField)}: set the name of the balance field";
        }
        if (TransactionsPageSize is < 1 or > 1000)
        {
            yield return $"{prefix}{nameof(TransactionsPageSize)}: set a number from 1 to 1000";
        }
        if (EncoderSafeCharacters.Any(static c => c is < '!' or > '~' or '%' or '&' or '=' or '+'))
        {
            yield return $"{prefix}{nameof(EncoderSafeCharacters)}: use printable ASCII other than space, '%', '&', '=' and '+'";
        }
    }
}
