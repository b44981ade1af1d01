using System.Text.Json;
using CashoutConsole.Providers.KeySecure;

namespace CashoutConsole.Tests.Providers.KeySecure;

public sealed class KeySecureCredentialsTests
{
    private static readonly DateTimeOffset Now = new(2026, 10, 5, 8, 0, 0, TimeSpan.Zero);

    /// <summary>Expected values were computed from the stated rule, not taken from the code under test.</summary>
    [Theory]
    [InlineData(
        """{"card_no":"C202605220001","before_status":"Activated","after_status":"Frozen","reason":"risk","time":1716307200000}""",
        "3ed2a16d64cff7450cf042f8f5668fe9d8a53a3eca0a05cad235aea3f16a22bf")]
    [InlineData(
        """
        {"consume_no":"X1","card_no":"C1","cardholder_no":"U1","type":"Consumption","amount":10.50,"local_amount":10.50,"local_currency":"USD",
         "fee":0.10,"remark":null,"fee_detail":[{"type":"Consume_fee", "amount":0.10}],
         "merchant_info":{"merchant_name":"Shop","merchant_mcc":"5732","city":"X","country":"US"},"status":"Success","time":1716307200000}
        """,
        "081bc89ade607b30973cb09153af6e2329eccc830813b72d953da6e4aeb67698")]
    public void A_callback_is_signed_over_its_sorted_fields(string data, string expected)
    {
        using var json = JsonDocument.Parse(data);

        Assert.Equal(expected, KeySecureCredentials.CallbackSignature(json.RootElement, "sim-api-key", "1716307200000", "sim-api-secret"));
    }

    [Theory]
    [InlineData(-90, -90)]
    [InlineData(0, 0)]
    [InlineData(90, 0)]
    [InlineData(-3600, 0)]
    public void A_refused_time_stamp_only_ever_moves_back(int providerAheadSeconds, int expectedSeconds) =>
        Assert.Equal(TimeSpan.FromSeconds(expectedSeconds), KeySecureCredentials.ClockOffset(Now.AddSeconds(providerAheadSeconds), Now));

    [Fact]
    public void Without_a_date_nothing_is_learnt() => Assert.Equal(TimeSpan.Zero, KeySecureCredentials.ClockOffset(null, Now));

    [Fact]
    public void The_time_stamp_stays_behind_the_clock() =>
        Assert.Equal("1791187198500", KeySecureCredentials.Timestamp(Now, TimeSpan.FromMilliseconds(1500), TimeSpan.Zero));

    [Fact]
    public void A_token_is_renewed_before_its_expiry_but_not_in_the_first_half_of_its_life()
    {
        var margin = TimeSpan.FromMinutes(5);

        Assert.Equal(Now.AddMinutes(55), KeySecureCredentials.RenewAt(Now, Now.AddHours(1), margin));
        Assert.Equal(Now.AddMinutes(3), KeySecureCredentials.RenewAt(Now, Now.AddMinutes(6), margin));
        Assert.Equal(Now.AddMinutes(55), KeySecureCredentials.RenewAt(Now, null, margin));
    }
}
