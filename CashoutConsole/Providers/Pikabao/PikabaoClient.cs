using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Providers.Http;

namespace CashoutConsole.Providers.Pikabao;

/// <summary>One method per endpoint. Every send is signed anew with the time of that moment.</summary>
public sealed class PikabaoClient(PikabaoSettings settings, ProviderEnvironment environment)
{
    private readonly RequestPacer _pacer = environment.Pacer(PikabaoCredentials.Key(settings), settings.RequestsPerSecond);
    private readonly PikabaoJson _plainCards = PikabaoJson.ForCards(settings.BalanceField, []);

    public Task<ClientAnswer<PikabaoEnvelope<PikabaoAccount>>> GetAccountAsync(CancellationToken cancellation) =>
        ReadAsync(() => Query("/agent/v1/account/info", []), PikabaoJson.Default.Account, static envelope => envelope.Content is not null, cancellation);

    /// <summary>
    /// All cards, or the one with <paramref name="cardId"/>. Each card tells which of <paramref name="heads"/> its number begins with.
    /// The answer is full of card secrets, so no text of it is kept on record, however broken it is.
    /// </summary>
    public async Task<ClientAnswer<PikabaoEnvelope<IReadOnlyList<PikabaoCard>>>> ListCardsAsync(
        string? cardId, IReadOnlyCollection<string> heads, CancellationToken cancellation)
    {
        var answer = await ReadAsync(
            () => Query(settings.CardListPath, [new("userBankId", cardId ?? ""), new("all", settings.AllValue)]),
            (heads.Count == 0 ? _plainCards : PikabaoJson.ForCards(settings.BalanceField, heads)).CardList,
            static envelope => envelope.Content is not null,
            cancellation);
        return answer with { Wire = answer.Wire with { AnswerText = "(card list, not kept)" } };
    }

    /// <summary>Transactions of all cards: the filter by card wants the full number, which is never kept. Pages count from 1.</summary>
    public Task<ClientAnswer<PikabaoTransactionPage>> ListTransactionsAsync(int page, CancellationToken cancellation) =>
        ReadAsync(
            () => Query(settings.TransactionsPath!, [new("page", Number(page)), new("pageSize", Number(settings.TransactionsPageSize))]),
            PikabaoJson.Default.PikabaoTransactionPage,
            static answer => answer.Rows is not null,
            cancellation);

    /// <summary>A read by POST. The page's table says taskId, its examples orderId: both are sent.</summary>
    public Task<ClientAnswer<PikabaoEnvelope<PikabaoOrder>>> QueryTaskAsync(string orderId, CancellationToken cancellation) =>
        ReadAsync(
            () => Post("/agent/v1/tasks/query", [new("taskId", orderId), new("orderId", orderId)]),
            PikabaoJson.Default.Order,
            static envelope => envelope.Content is not null,
            cancellation);

    public Task<ClientAnswer<PikabaoEnvelope<PikabaoOrder>>> GetCashOutAsync(string orderId, CancellationToken cancellation) =>
        ReadAsync(
            () => Query(settings.CashOutDetailPath!, [new("id", orderId)]),
            PikabaoJson.Default.Order,
            static envelope => envelope.Content is not null,
            cancellation);

    public Task<WireAnswer> CashOutAsync(PikabaoCashOut cashOut, CancellationToken cancellation) =>
        environment.Http.SendMoneyAsync(() => Post(PikabaoCashOut.Path, cashOut.Fields), _pacer, settings.SendTimeout, cancellation);

    private async Task<ClientAnswer<T>> ReadAsync<T>(
        Func<WireRequest> request, JsonTypeInfo<T> shape, Func<T, bool> isComplete, CancellationToken cancellation)
        where T : PikabaoStatus
    {
        var answer = await environment.Http.ReadAsync(request, _pacer, settings.ReadTimeout, cancellation);
        var value = AnswerJson.Parse(answer, shape);
        return value is { Code: PikabaoErrors.Success } && isComplete(value)
            ? new(value, null, answer.ToRecord())
            : new(null, PikabaoErrors.FaultOf(answer), answer.ToRecord());
    }

    private WireRequest Query(string path, IEnumerable<KeyValuePair<string, string>> fields)
    {
        var query = Signed(fields).Select(static field => $"{field.Key}={Uri.EscapeDataString(field.Value)}");
        return new(HttpMethod.Get, Address($"{path}?{string.Join('&', query)}"), []);
    }

    private WireRequest Post(string path, IEnumerable<KeyValuePair<string, string>> fields) =>
        new(HttpMethod.Post, Address(path), [], JsonObjectOf(Signed(fields)));

    /// <summary>The fields with appid, timestamp and sign; empty ones are left out, so that both readings of the signature rule agree.</summary>
    private Dictionary<string, string> Signed(IEnumerable<KeyValuePair<string, string>> fields)
    {
        var timestamp = environment.Clock.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        var all = new Dictionary<string, string>(StringComparer.Ordinal) { ["appid"] = settings.AppId!, ["timestamp"] = timestamp };
        foreach (var (name, value) in fields.Where(static field => field.Value.Length > 0))
        {
            all[name] = value;
        }
        all["sign"] = PikabaoCredentials.SignRequest(all, settings.SecretKey!, settings.EncoderSafeCharacters);
        return all;
    }

    private static byte[] JsonObjectOf(Dictionary<string, string> fields)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in fields)
            {
                writer.WriteString(name, value);
            }
            writer.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    private Uri Address(string pathAndQuery) => new(settings.Base.AbsoluteUri.TrimEnd('/') + pathAndQuery);

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
