using System.Security.Cryptography;
using System.Text;

namespace CashoutConsole.Sandbox.Uqpay;

/// <summary>The signature of UQPay's webhooks, as all official SDKs compute it: HMAC-SHA512 over the raw body and the timestamp, lower-case hex.</summary>
internal static class UqpaySignature
{
    public static string Sign(string body, string timestamp, string secret) =>
        Convert.ToHexStringLower(HMACSHA512.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(body + timestamp)));
}
