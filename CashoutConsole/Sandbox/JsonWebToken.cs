using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace CashoutConsole.Sandbox;

/// <summary>A token that looks like the providers' (HS256 JWT). It is checked by look-up in the file, never by its claims.</summary>
internal static class JsonWebToken
{
    public static string Create(object claims, string secret)
    {
        var head = Base64Url.EncodeToString(Encoding.UTF8.GetBytes("""{"alg":"HS256","typ":"JWT"}"""));
        var text = $"{head}.{Base64Url.EncodeToString(SandboxJson.Bytes(claims))}";
        return $"{text}.{Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(text)))}";
    }
}
