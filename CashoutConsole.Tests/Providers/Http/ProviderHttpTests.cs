using System.Text;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Providers.Http;
using CashoutConsole.Tests.Providers.Support;
using CashoutConsole.Tests.Support;

namespace CashoutConsole.Tests.Providers.Http;

public sealed class ProviderHttpTests : IAsyncDisposable
{
    private const string Path = "/money";
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _clock = new() { FireAtOnce = TimeSpan.FromSeconds(5) };
    private readonly ScriptedServer _server = new();
    private readonly ProviderHttp _http;
    private readonly RequestPacer _pacer;

    public ProviderHttpTests()
    {
        _http = new ProviderHttp(_clock);
        _pacer = new RequestPacer(_clock, 1000);
    }

    public static TheoryData<string> BrokenAnswers => ["reset", "close", "cut", "cut and reset", "500"];

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(BrokenAnswers))]
    public async Task A_money_request_is_sent_exactly_once_whatever_breaks(string kind)
    {
        _server.On(Path, Broken(kind));

        var answer = await SendMoneyAsync();

        Assert.True(answer.Connected);
        Assert.Single(_server.Requests);
        Assert.Equal(1, _server.Connections);
        Assert.Equal(kind == "500" ? null : ProviderFaultKind.NoAnswer, answer.Fault?.Kind);
    }

    [Theory]
    [MemberData(nameof(BrokenAnswers))]
    public async Task A_read_is_repeated_until_it_is_answered(string kind)
    {
        _server.On(Path, Broken(kind), Broken(kind), ScriptedAnswer.Json("{}"));

        var answer = await ReadAsync();

        Assert.Null(answer.Fault);
        Assert.Equal(200, answer.Status);
        Assert.True(_server.Requests.Count >= 3);
    }

    [Fact]
    public async Task A_read_that_is_never_answered_ends_in_a_fault()
    {
        _server.On(Path, ScriptedAnswer.Html(502));

        var answer = await ReadAsync();

        Assert.Equal(502, answer.Status);
        Assert.Equal(ProviderFaultKind.ProviderError, answer.FaultWithoutEnvelope().Kind);
        Assert.Equal(3, _server.Requests.Count);
    }

    [Fact]
    public async Task A_refused_connection_is_reported_as_never_connected()
    {
        var answer = await SendMoneyAsync(ScriptedServer.RefusedUrl());

        Assert.False(answer.Connected);
        Assert.Equal(ProviderFaultKind.Unreachable, answer.Fault!.Kind);
    }

    [Fact]
    public async Task A_timed_out_money_request_was_connected_and_is_not_repeated()
    {
        _server.On(Path, ScriptedAnswer.Hang);

        var sending = SendMoneyAsync();
        await _server.NextArrivalAsync();
        _clock.Advance(Timeout);
        var answer = await sending;

        Assert.True(answer.Connected);
        Assert.Equal(ProviderFaultKind.NoAnswer, answer.Fault!.Kind);
        Assert.Null(answer.Status);
        Assert.Single(_server.Requests);
    }

    [Fact]
    public async Task A_cancelled_money_request_that_left_is_reported_as_connected()
    {
        _server.On(Path, ScriptedAnswer.Hang);
        using var cancelling = new CancellationTokenSource();

        var sending = SendMoneyAsync(cancellation: cancelling.Token);
        await _server.NextArrivalAsync();
        await cancelling.CancelAsync();
        var answer = await sending;

        Assert.True(answer.Connected);
        Assert.Equal(ProviderFaultKind.NoAnswer, answer.Fault!.Kind);
    }

    [Fact]
    public async Task A_money_request_cancelled_while_it_waits_for_its_turn_never_connects()
    {
        var slow = new RequestPacer(_clock, 1);
        await slow.WaitAsync(CancellationToken.None);
        _clock.FireAtOnce = TimeSpan.Zero;
        using var cancelling = new CancellationTokenSource();

        var sending = _http.SendMoneyAsync(() => Request(_server.BaseUrl), slow, Timeout, cancelling.Token);
        await cancelling.CancelAsync();
        var answer = await sending;

        Assert.False(answer.Connected);
        Assert.Equal(0, _server.Connections);
    }

    [Fact]
    public async Task A_money_request_is_made_after_its_turn_came()
    {
        var slow = new RequestPacer(_clock, 1);
        await slow.WaitAsync(CancellationToken.None);
        _clock.FireAtOnce = TimeSpan.Zero;
        _server.On(Path, ScriptedAnswer.Json("{}"));
        DateTimeOffset? made = null;
        var asked = _clock.GetUtcNow();

        var sending = _http.SendMoneyAsync(
            () =>
            {
                made = _clock.GetUtcNow();
                return Request(_server.BaseUrl);
            },
            slow,
            Timeout,
            CancellationToken.None);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await sending;

        Assert.Equal(asked.AddSeconds(1), made);
    }

    [Fact]
    public async Task An_answer_over_the_cap_is_unreadable_and_has_no_digest()
    {
        _server.On(Path, ScriptedAnswer.Json(new string(' ', ProviderHttp.MoneyBodyCap + 1)));

        var answer = await SendMoneyAsync();

        Assert.True(answer.Connected);
        Assert.Equal(ProviderFaultKind.Unreadable, answer.Fault!.Kind);
        Assert.Empty(answer.Body);
        Assert.Null(answer.ToRecord().AnswerDigest);
        Assert.Equal(200, answer.ToRecord().HttpStatus);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        _server.On(Path, ScriptedAnswer.Http(307, "text/plain", "", $"Location: {_server.BaseUrl}/elsewhere"));

        var answer = await SendMoneyAsync();
        var read = await ReadAsync();

        Assert.Equal(307, answer.Status);
        Assert.Equal(307, read.Status);
        Assert.Empty(_server.RequestsTo("/elsewhere"));
    }

    [Fact]
    public async Task The_head_of_a_broken_off_answer_is_kept()
    {
        _server.On(Path, ScriptedAnswer.BrokenOff("""{"code":0,"data":{"transfer_no":"T1"}}"""));

        var answer = await SendMoneyAsync();

        Assert.Equal(200, answer.Status);
        Assert.Equal(ProviderFaultKind.NoAnswer, answer.Fault!.Kind);
        Assert.Null(answer.ToRecord().AnswerDigest);
    }

    [Fact]
    public async Task Money_requests_share_no_connection_and_ask_for_no_continue()
    {
        _server.On(Path, ScriptedAnswer.Json("{}"));

        await SendMoneyAsync();
        await SendMoneyAsync();

        Assert.Equal([1, 2], _server.Requests.Select(static request => request.Connection));
        Assert.All(_server.Requests, static request =>
        {
            Assert.Equal("{\"a\":1}", request.Body);
            Assert.False(request.Headers.ContainsKey("Expect"));
            Assert.StartsWith("POST /money HTTP/1.1\r\n", request.Raw, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task A_header_that_cannot_be_written_is_an_answer_not_an_exception()
    {
        var request = new WireRequest(HttpMethod.Post, new Uri(_server.BaseUrl + Path), [new("Api-Key", "schlüssel")], "{}"u8.ToArray());

        var answer = await _http.SendMoneyAsync(() => request, _pacer, Timeout, CancellationToken.None);

        Assert.NotNull(answer.Fault);
        Assert.Empty(_server.Requests);
    }

    private static ScriptedAnswer Broken(string kind) => kind switch
    {
        "reset" => ScriptedAnswer.Reset,
        "close" => ScriptedAnswer.Close,
        "cut" => ScriptedAnswer.BrokenOff("""{"code":0}"""),
        "cut and reset" => ScriptedAnswer.BrokenOff("""{"code":0}""", Ending.Reset),
        _ => ScriptedAnswer.Html(500),
    };

    private static WireRequest Request(string baseUrl) =>
        new(HttpMethod.Post, new Uri(baseUrl + Path), [new("Api-Key", "key")], Encoding.UTF8.GetBytes("{\"a\":1}"));

    private Task<WireAnswer> SendMoneyAsync(string? baseUrl = null, CancellationToken cancellation = default) =>
        _http.SendMoneyAsync(() => Request(baseUrl ?? _server.BaseUrl), _pacer, Timeout, cancellation);

    private Task<WireAnswer> ReadAsync() => _http.ReadAsync(() => Request(_server.BaseUrl), _pacer, Timeout, CancellationToken.None);
}
