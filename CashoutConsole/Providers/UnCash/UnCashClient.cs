using System.Text;
using System.Text.Json.Serialization.Metadata;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Providers.Http;

namespace CashoutConsole.Providers.UnCash;

/// <summary>
/// One method per endpoint that is used. There is none for closing a card (which empties it as a side effect), freezing or topping up,
/// on purpose: no path leads there.
/// </summary>
public sealed class UnCashClient(UnCashSettings settings, ProviderEnvironment environment)
{
    public const int TransactionsLimit = 100;

    private readonly RequestPacer _pacer = environment.Pacer(UnCashCredentials.Key(settings), settings.RequestsPerSecond);

    public Task<ClientAnswer<UnCashCardList>> ListCardsAsync(CancellationToken cancellation) =>
        GetAsync("/api/v1/cards", UnCashJson.Default.CardList, cancellation);

    /// <summary>Older answers hold number, expiry date and CVV, so no text of them is kept on record, however broken it is.</summary>
    public async Task<ClientAnswer<UnCashCard>> GetCardAsync(string cardId, CancellationToken cancellation)
    {
        var answer = await GetAsync($"/api/v1/cards/{WireText.PlainId(cardId)}", UnCashJson.Default.Card, cancellation);
        return answer with { Wire = answer.Wire with { AnswerText = "(card, not kept)" } };
    }

    public Task<ClientAnswer<UnCashWallet>> GetWalletAsync(CancellationToken cancellation) =>
        GetAsync("/api/v1/wallet/balance", UnCashJson.Default.Wallet, cancellation);

    public Task<ClientAnswer<UnCashTransactions>> ListTransactionsAsync(string cardId, long page, CancellationToken cancellation) =>
        GetAsync(
            $"/api/v1/cards/transactions?page={page}&limit={TransactionsLimit}&card_id={WireText.PlainId(cardId)}",
            UnCashJson.Default.Transactions,
            cancellation);

    public Task<WireAnswer> WithdrawAsync(UnCashWithdrawal withdrawal, CancellationToken cancellation) =>
        environment.Http.SendMoneyAsync(
            new WireRequest(HttpMethod.Post, Address(withdrawal.Path), Headers(), Encoding.UTF8.GetBytes(withdrawal.Body)), _pacer, settings.SendTimeout, cancellation);

    private async Task<ClientAnswer<T>> GetAsync<T>(string pathAndQuery, JsonTypeInfo<UnCashEnvelope<T>> shape, CancellationToken cancellation)
        where T : class
    {
        var answer = await environment.Http.ReadAsync(
            () => new(HttpMethod.Get, Address(pathAndQuery), Headers()), _pacer, settings.ReadTimeout, cancellation);
        var envelope = answer.IsSuccessStatus ? AnswerJson.Parse(answer, shape) : null;
        return envelope is { Success: true, Data: { } data }
            ? new(data, null, answer.ToRecord())
            : new(null, UnCashErrors.FaultOf(answer), answer.ToRecord());
    }

    private KeyValuePair<string, string>[] Headers() => [UnCashCredentials.Header(settings.ApiToken!)];

    private Uri Address(string pathAndQuery) => new(settings.Base.AbsoluteUri.TrimEnd('/') + pathAndQuery);
}
