using System.Security.Cryptography;
using System.Text;

namespace CashoutConsole.Sandbox.Pikabao;

/// <summary>Which characters stay bare besides letters and digits; the page's sample is JavaScript, its wording hints at a Java server.</summary>
internal enum PikabaoEncoder
{
    /// <summary>encodeURIComponent: - _ . ! ~ * ' ( )</summary>
    Js,

    /// <summary>URLEncoder: - _ . *</summary>
    Java,
}

/// <summary>
/// Pikabao's signature (providers: Pikabao webhook page): all parameters but sign, sorted by name, values URL-encoded, joined as
/// name=value with ampersands, then "&amp;key=" and the secret; MD5, 32 upper-case hex digits.
/// </summary>
internal static class PikabaoSignature
{
    /// <summary>The sign of these parameters. Webhooks keep empty values, signed as "name="; requests leave them out.</summary>
    public static string Sign(
        IEnumerable<KeyValuePair<string, string?>> parameters, string secret, bool keepEmpty, PikabaoEncoder encoder = PikabaoEncoder.Js)
    {
        var signed = parameters
            .Where(parameter => parameter.Key != "sign" && (keepEmpty || !string.IsNullOrEmpty(parameter.Value)))
            .OrderBy(static parameter => parameter.Key, StringComparer.Ordinal)
            .Select(parameter => $"{parameter.Key}={Encode(parameter.Value ?? "", encoder)}");
        var text = string.Join('&', signed) + "&key=" + secret;
#pragma warning disable CA5351 // MD5 is what the provider documents.
        return Convert.ToHexString(MD5.HashData(Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5351
    }

    private static string Encode(string value, PikabaoEncoder encoder)
    {
        var bare = encoder == PikabaoEncoder.Js ? "-_.!~*'()" : "-_.*";
        var text = new StringBuilder();
        foreach (var octet in Encoding.UTF8.GetBytes(value))
        {
            var character = (char)octet;
            if (char.IsAsciiLetterOrDigit(character) || bare.Contains(character, StringComparison.Ordinal))
            {
                text.Append(character);
            }
            else
            {
                text.Append('%').Append(Convert.ToHexString([octet]));
            }
        }
        return text.ToString();
    }
}
