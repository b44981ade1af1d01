using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CashoutConsole.Foundation;

namespace CashoutConsole.Sandbox;

/// <summary>The first filling of a new file: the same accounts, ids and balances every time; only dates follow the clock.</summary>
internal static class Seed
{
    public static void Once(SandboxTransaction transaction, IReadOnlyList<ISandboxApi> apis, SandboxClock clock)
    {
        if (transaction.Stored(SandboxSettings.Seeded) is not null)
        {
            return;
        }
        foreach (var api in apis)
        {
            api.Seed(transaction, clock.Microseconds);
        }
        transaction.Store(SandboxSettings.Seeded, "1");
    }

    /// <summary>A version 4 UUID that belongs to this name for ever.</summary>
    public static string Uuid(string name)
    {
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes("cashout sandbox " + name))[..16];
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString("D");
    }

    /// <summary>A 16-digit card number that passes the Luhn check, so that the console's card firewall meets real ones.</summary>
    public static string CardNumber(string bin, int serial)
    {
        var digits = bin + serial.ToString(CultureInfo.InvariantCulture).PadLeft(15 - bin.Length, '0');
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = digits[digits.Length - 1 - i] - '0';
            var weighted = i % 2 == 0 ? digit * 2 : digit;
            sum += weighted > 9 ? weighted - 9 : weighted;
        }
        return digits + ((10 - (sum % 10)) % 10).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The same account under a new id of the same shape and, for a card, a new number.</summary>
    public static SandboxAccount CopyOf(SandboxAccount account, long serial)
    {
        var details = new Dictionary<string, string>(account.Details, StringComparer.Ordinal);
        if (details.TryGetValue("number", out var number))
        {
            details["number"] = CardNumber(number[..6], 500_000_000 + (int)serial);
        }
        var id = Guid.TryParse(account.Id, out _) ? Uuid(string.Create(CultureInfo.InvariantCulture, $"{account.Provider} copy {serial}"))
            : account.Id.All(char.IsAsciiDigit) ? (300_000_000 + serial).ToString(CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{account.Id}x{serial}");
        return account with { Id = id, Details = details };
    }

    public static long Millionths(decimal amount) => Money.ToMillionths(amount);

    public static long DaysBefore(long now, int days) => now - (days * 86_400L * 1_000_000L);
}
