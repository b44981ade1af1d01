using System.Globalization;
using CashoutConsole.Foundation;
using CashoutConsole.Providers.Http;

namespace CashoutConsole.Providers.KeySecure;

/// <summary>
/// One KeySecure merchant (Providers:KeySecure:Accounts:{key}:…). What the provider's pages leave open is a setting here; the defaults
/// are the cautious reading.
/// </summary>
public sealed class KeySecureSettings : ProviderAccountSettings
{
    /// <summary>Bound to the provider's list of our addresses.</summary>
    public string? ApiKey { get; set; }

    /// <summary>Key of the signature on the platform's callbacks; requests are not signed.</summary>
    public string? ApiSecret { get; set; }

    /// <summary>The appId in the signed text of a callback. The pages do not say what it holds; the API key unless set.</summary>
    public string? AppId { get; set; }

    /// <summary>The only symbol whose balance counts. Transfers carry no currency: the platform fixes it (TUSDT on the transfer page).</summary>
    public string Currency { get; set; } = "TUSDT";

    /// <summary>How far the Timestamp header stays behind our clock: up to 60 s late is accepted, a moment early is not.</summary>
    public int ClockMarginMilliseconds { get; set; } = 1500;

    /// <summary>The Timezone header, "UTC", "UTC+8" or "UTC-03:30": the zone of start_time and end_time.</summary>
    public string Timezone { get; set; } = "UTC+8";

    /// <summary>The language of the provider's messages, en_US or zh_CN.</summary>
    public string Language { get; set; } = "en_US";

    /// <summary>The first day of business: lists are walked back to it. 730 days ago unless set.</summary>
    public DateOnly? ListFrom { get; set; }

    /// <summary>A token is renewed this long before the provider ends it.</summary>
    public int TokenMarginSeconds { get; set; } = 300;

    /// <summary>True once it was proven with the provider that a repeated transfer_unique_no moves no second money.</summary>
    public bool ReplayProven { get; set; }

    public override string ClientIdentity => ApiKey ?? "";

    internal string CallbackAppId => AppId ?? ApiKey ?? "";

    internal TimeSpan Zone => TryParseZone(Timezone, out var offset) ? offset : throw new InvalidOperationException($"'{Timezone}' is no time zone.");

    protected override IEnumerable<string> OwnFaults(string prefix)
    {
        if (Missing(prefix, nameof(ApiKey), ApiKey) is { } noKey)
        {
            yield return noKey;
        }
        if (!CurrencyCode.TryParse(Currency, out _))
        {
            yield return $"{prefix}{nameof(Currency)}: set the symbol as the provider spells it, e.g. TUSDT";
        }
        if (ClockMarginMilliseconds is < 0 or > 30_000)
        {
            yield return $"{prefix}{nameof(ClockMarginMilliseconds)}: set a number from 0 to 30000";
        }
        if (!TryParseZone(Timezone, out _))
        {
            yield return $"{prefix}{nameof(Timezone)}: set UTC, or UTC with an offset, e.g. UTC+8";
        }
        if (Language is not ("en_US" or "zh_CN"))
        {
            yield return $"{prefix}{nameof(Language)}: set en_US or zh_CN";
        }
        if (ListFrom is { Year: < 2015 })
        {
            yield return $"{prefix}{nameof(ListFrom)}: set the first day of business, 2015-01-01 or later";
        }
        if (TokenMarginSeconds is < 0 or > 3600)
        {
            yield return $"{prefix}{nameof(TokenMarginSeconds)}: set a number from 0 to 3600";
        }
    }

    private static bool TryParseZone(string? text, out TimeSpan offset)
    {
        offset = TimeSpan.Zero;
        if (text is null || !text.StartsWith("UTC", StringComparison.Ordinal) || text.Length == 3)
        {
            return text == "UTC";
        }
        var parsed = text[3] is '+' or '-'
            && TimeSpan.TryParseExact(text.AsSpan(4), ["%h", "hh", @"h\:mm", @"hh\:mm"], CultureInfo.InvariantCulture, out offset)
            && offset <= TimeSpan.FromHours(14);
        offset = text[3] == '-' ? -offset : offset;
        return parsed;
    }
}
