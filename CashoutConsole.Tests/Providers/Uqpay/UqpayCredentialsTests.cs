using System.Text;
using CashoutConsole.Providers.Uqpay;

namespace CashoutConsole.Tests.Providers.Uqpay;

public sealed class UqpayCredentialsTests
{
    private const string Secret = "whsec_test_secret";
    private const string ShortBody = """{"event_type":"card.withdraw.succeeded","event_id":"evt_1","data":{}}""";
    private const string ShortSignature = "1d84e0ee3f8eabead00ca0a014e50f9a7ee0dcbcc404ae47c7545237bd36b251e184c2a653cd4d292803b1b3b550d2cfbae9f064de59bd7a28ec0d49f249dabd";
    private const string FullBody = """{"version":"V1.6.0","event_name":"ISSUING","event_type":"card.withdraw.succeeded","event_id":"049762c0-20cf-4eed-8168-288e9aaf11d7","source_id":"9f88f593-9f56-4eba-ad81-4217d2d60021","data":{"amount":"200","card_available_balance":"42","card_currency":"USD","card_id":"88e8c3a8-1cd1-400e-a58c-d3e8bc9d3e00","card_status":"ACTIVE","complete_time":"2026-04-08T16:46:41.044+08:00","order_status":"SUCCESS","update_time":"2026-04-08T16:46:41.044+08:00"}}""";
    private const string FullSignature = "e93800b0e782cc1f4ac86ed7988f6965489c8a3b8e005d423fc2eaf882ab97e54a9b1575190435830eb75b510bbb51b0498e96e5023dfd749c4ddd563a8a339c";

    [Theory]
    [InlineData(ShortBody, "1711077773", ShortSignature)]
    [InlineData(FullBody, "1775638001044", FullSignature)]
    public void Webhook_signatures_match_the_vectors(string body, string timestamp, string signature) =>
        Assert.Equal(signature, UqpayCredentials.SignWebhook(Secret, Encoding.UTF8.GetBytes(body), timestamp));

    [Theory]
    [InlineData(ShortBody, "1711077773", ShortSignature, 1711077773L + 300, true)]
    [InlineData(ShortBody, "1711077773", ShortSignature, 1711077773L + 301, false)]
    [InlineData(ShortBody, "1711077773", ShortSignature, 1711077773L - 301, false)]
    [InlineData(FullBody, "1775638001044", FullSignature, 1775638001L, true)]
    [InlineData(FullBody, "1775638001044", ShortSignature, 1775638001L, false)]
    [InlineData(FullBody, "1775638001045", FullSignature, 1775638001L, false)]
    [InlineData(FullBody, "abc", FullSignature, 1775638001L, false)]
    [InlineData(FullBody, "9223372036854775807", FullSignature, 1775638001L, false)]
    [InlineData(FullBody, null, FullSignature, 1775638001L, false)]
    [InlineData(FullBody, "1775638001044", null, 1775638001L, false)]
    public void A_webhook_is_genuine_only_with_its_signature_and_in_time(string body, string? timestamp, string? signature, long nowSeconds, bool genuine) =>
        Assert.Equal(genuine, UqpayCredentials.VerifyWebhook(Secret, Encoding.UTF8.GetBytes(body), timestamp, signature, DateTimeOffset.FromUnixTimeSeconds(nowSeconds)));

    [Fact]
    public void Without_a_secret_no_webhook_is_genuine() =>
        Assert.False(UqpayCredentials.VerifyWebhook("", Encoding.UTF8.GetBytes(ShortBody), "1711077773", ShortSignature, DateTimeOffset.FromUnixTimeSeconds(1711077773)));

    [Fact]
    public void A_token_is_renewed_a_margin_before_its_stated_end()
    {
        var token = UqpayCredentials.Bearer(new UqpayToken { AuthToken = "t", ExpiredAt = 1757449854 }, TimeSpan.FromSeconds(60));

        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1757449794), token!.RenewAt);
        Assert.Null(UqpayCredentials.Bearer(new UqpayToken { AuthToken = "t" }, TimeSpan.Zero));
        Assert.Null(UqpayCredentials.Bearer(new UqpayToken { ExpiredAt = 1757449854 }, TimeSpan.Zero));
    }
}
