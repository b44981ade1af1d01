using System.Globalization;

namespace CashoutConsole.Notices.Domain;

/// <summary>
/// Why a try to deliver failed. Stored as "Timeout" or "Status:503": codes of our own only, because the words of an exception may quote the
/// target's address, and a chat tool's address is its secret.
/// </summary>
/// <param name="Code">Resource key "DeliveryFault_{Code}".</param>
/// <param name="Status">The HTTP status of <see cref="Refused"/> and <see cref="Redirect"/>.</param>
public sealed record DeliveryFault(string Code, int? Status = null)
{
    /// <summary>No answer in time.</summary>
    public static readonly DeliveryFault Timeout = new("Timeout");

    /// <summary>No connection, or it broke off.</summary>
    public static readonly DeliveryFault Unreachable = new("Unreachable");

    /// <summary>The host's name has no address.</summary>
    public static readonly DeliveryFault UnknownHost = new("UnknownHost");

    /// <summary>The TLS certificate is not trusted, or no TLS was agreed on.</summary>
    public static readonly DeliveryFault Certificate = new("Certificate");

    private const string Refused = "Status";
    private const string Redirect = "Redirect";
    private const string Unknown = "Unknown";

    /// <summary>Every code, for the test that each has its text.</summary>
    public static IReadOnlyList<string> Codes { get; } = [Timeout.Code, Unreachable.Code, UnknownHost.Code, Certificate.Code, Refused, Redirect, Unknown];

    public static DeliveryFault OfStatus(int status) => new(status is >= 300 and < 400 ? Redirect : Refused, status);

    /// <summary>What <see cref="ToString"/> wrote; anything else reads as unknown.</summary>
    public static DeliveryFault Read(string stored)
    {
        var parts = stored.Split(':');
        return Codes.Contains(parts[0], StringComparer.Ordinal)
            ? new DeliveryFault(parts[0], parts.Length > 1 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var status) ? status : null)
            : new DeliveryFault(Unknown);
    }

    public override string ToString() => Status is { } status ? string.Create(CultureInfo.InvariantCulture, $"{Code}:{status}") : Code;
}
