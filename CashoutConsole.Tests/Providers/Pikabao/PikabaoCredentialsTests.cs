using System.Text;
using CashoutConsole.Providers.Pikabao;

namespace CashoutConsole.Tests.Providers.Pikabao;

public sealed class PikabaoCredentialsTests
{
    private const string Secret = "sim-secret-key-001";
    private const string JavaScriptSet = "-_.*!~'()";
    private const string JavaSet = "-_.*";
    private const string Stamp = "timestamp=1640995200000";

    [Theory]
    [InlineData("secret", JavaScriptSet, "1DAC774C9E6975F04D53F43E0FF6AA3A", "a=1", "b=two words", "empty=")]
    [InlineData(Secret, JavaScriptSet, "023F3794D7855E36A1B901CA09D8BC69", "idempotentKey=WD-20260101-0001", "bankCardId=111222333", "amount=50.00", "appid=user123", Stamp)]
    [InlineData(Secret, JavaScriptSet, "8DE61049DCA4EE9824EF2E35AE2219FB", "appid=user123", Stamp)]
    [InlineData(Secret, JavaScriptSet, "1500E53959E796C45B92E353072FAC61", "amount=100.00", "appid=user123", "cardBin=491090", "eMail=", "idempotentKey=OP-1", "remark=测试 卡+1", Stamp)]
    [InlineData(Secret, JavaScriptSet, "AD471533E1E2FE4B756B2F8D22329909", "appid=user123", "remark=a~b!c(d)'e*f/g:h", Stamp)]
    [InlineData(Secret, JavaSet, "62C69CB365EF5CC9428C73787C35A242", "appid=user123", "remark=a~b!c(d)'e*f/g:h", Stamp)]
    public void Request_signatures_match_the_vectors(string secret, string safeCharacters, string sign, params string[] fields) =>
        Assert.Equal(sign, PikabaoCredentials.SignRequest(Fields(fields), secret, safeCharacters));

    [Fact]
    public void Empty_values_take_part_in_a_webhook_signature() =>
        Assert.Equal(
            "EFEF7246D58792BD554D1292B7378F12",
            PikabaoCredentials.SignWebhook(Fields("amount=100.00", "appid=user123", "cardBin=491090", "eMail=", "idempotentKey=OP-1", "remark=测试 卡+1", Stamp), Secret, JavaScriptSet));

    [Theory]
    [InlineData("", "88106165A2B383468F9D8B0F67CB8ADD", true)]
    [InlineData("", "88106165a2b383468f9d8b0f67cb8add", true)]
    [InlineData("", "88106165A2B383468F9D8B0F67CB8ADE", false)]
    [InlineData("", "", false)]
    [InlineData(",\"unsigned\":\"x\"", "88106165A2B383468F9D8B0F67CB8ADD", false)]
    [InlineData(",\"timestamp\":\"1701424200000\"", "88106165A2B383468F9D8B0F67CB8ADD", false)]
    public void A_webhook_is_genuine_only_when_all_its_fields_are_signed(string added, string sign, bool genuine) =>
        Assert.Equal(genuine, PikabaoCredentials.VerifyWebhook(Encoding.UTF8.GetBytes(Webhook("\"\"", added, sign)), Secret, JavaScriptSet));

    [Fact]
    public void A_null_in_a_webhook_counts_as_empty() =>
        Assert.True(PikabaoCredentials.VerifyWebhook(Encoding.UTF8.GetBytes(Webhook("null", "", "88106165A2B383468F9D8B0F67CB8ADD")), Secret, JavaScriptSet));

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("<html>")]
    public void What_is_no_webhook_is_not_genuine(string body) =>
        Assert.False(PikabaoCredentials.VerifyWebhook(Encoding.UTF8.GetBytes(body), Secret, JavaScriptSet));

    private static string Webhook(string remark, string added, string sign) =>
        $$$"""{"accountId":"132456789","data":{"id":"evt-0001","cardNum":"5572710152044****","type":"CashOut","status":"Finish","amount":"50.00","merchantName":"","transactionId":"TXN0001","recordTime":"2023-12-01T10:30:00.000+00:00","remark":{{{remark}}}{{{added}}}},"timestamp":"1701424200000","sign":"{{{sign}}}"}""";

    private static IEnumerable<KeyValuePair<string, string>> Fields(params string[] fields) =>
        fields.Select(static field => field.Split('=', 2)).Select(static pair => KeyValuePair.Create(pair[0], pair[1]));
}
