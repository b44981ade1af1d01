using System.Text;
using CashoutConsole.Providers.Http;

namespace CashoutConsole.Tests.Providers.Http;

public sealed class AnswerRedactionTests
{
    [Theory]
    [InlineData("""{"code":0,"data":{"access_token":"tok-secret","cvv":"987","card":"4111111111111111"}}""")]
    [InlineData("""{"code":0,"data":{"access_token":"tok-secret","cvv":987,"card":"4111 1111 1111 1111","x":""")]
    [InlineData("""{"code":0,"cvv":"987","data":{"card":"4111-1111-1111-1111","access_token":"tok-secr""")]
    [InlineData("""{"cvv":"987","cvv":"987","access_token" : "tok-secret"}""")]
    public void Secrets_and_card_numbers_are_dropped_even_from_json_that_does_not_parse(string answer)
    {
        var kept = AnswerRedaction.Redact(Encoding.UTF8.GetBytes(answer));

        Assert.DoesNotContain("tok-secr", kept, StringComparison.Ordinal);
        Assert.DoesNotContain("987", kept, StringComparison.Ordinal);
        Assert.DoesNotContain("4111", kept, StringComparison.Ordinal);
    }

    [Fact]
    public void The_providers_words_stay_readable() =>
        Assert.Contains("余额不足", AnswerRedaction.Redact("""{"code":1,"msg":"余额不足"}"""u8), StringComparison.Ordinal);
}
