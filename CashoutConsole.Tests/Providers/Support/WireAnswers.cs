using System.Text;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Providers.Http;

namespace CashoutConsole.Tests.Providers.Support;

/// <summary>Answers as the way to the wire would hand them over, for tests of the pure tables.</summary>
public static class WireAnswers
{
    public const string HtmlPage = "<html><body><h1>502 Bad Gateway</h1></body></html>";

    public static WireAnswer Of(int status, string body, TimeSpan? retryAfter = null) =>
        new() { Connected = true, Status = status, Body = Encoding.UTF8.GetBytes(body), RetryAfter = retryAfter };

    public static readonly WireAnswer NeverConnected =
        new() { Connected = false, Fault = new(ProviderFaultKind.Unreachable, RawText: "Connection refused") };

    public static readonly WireAnswer ResetAfterRequest =
        new() { Connected = true, Fault = new(ProviderFaultKind.NoAnswer, RawText: "Connection reset by peer") };

    public static readonly WireAnswer TooLarge =
        new() { Connected = true, Status = 200, Fault = new(ProviderFaultKind.Unreadable, RawText: "The answer is larger than 1048576 bytes.") };
}
