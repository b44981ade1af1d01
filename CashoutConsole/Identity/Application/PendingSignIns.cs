using System.Security.Cryptography;
using System.Text.Json;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Domain;
using Microsoft.AspNetCore.DataProtection;

namespace CashoutConsole.Identity.Application;

/// <summary>
/// A sign-in whose password was right and that still lacks the second factor. It is no session and no principal: nothing but the code page
/// (or, with <see cref="Enrols"/>, the page that sets two-factor up) takes it, for a few minutes and while the security stamp stays the same.
/// </summary>
public sealed record PendingSignIn(string OperatorId, string UserName, string Stamp, bool Enrols, DateTimeOffset EndsAt);

/// <summary>Seals pending sign-ins for the browser to carry, and opens those that still count.</summary>
public sealed class PendingSignIns(IDataProtectionProvider protection, TimeProvider clock)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private readonly IDataProtector _protector = protection.CreateProtector("CashoutConsole.Identity.PendingSignIn");

    public string Seal(PendingSignIn pending) => _protector.Protect(JsonSerializer.Serialize(pending));

    /// <summary>Null when it is not ours, was changed, or is over.</summary>
    public PendingSignIn? Open(string? text)
    {
        try
        {
            return !string.IsNullOrEmpty(text) && JsonSerializer.Deserialize<PendingSignIn>(_protector.Unprotect(text)) is { } pending && pending.EndsAt > clock.Now()
                ? pending
                : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    internal static PendingSignIn Of(Operator person, bool enrols, DateTimeOffset now) =>
        new(person.Id, person.UserName!, person.SecurityStamp ?? "", enrols, now + Lifetime);
}
