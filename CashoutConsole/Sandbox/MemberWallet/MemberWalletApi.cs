using System.Globalization;
using System.Text.Json;
using CashoutConsole.Foundation;

namespace CashoutConsole.Sandbox.MemberWallet;

/// <summary>
/// The game member wallet (providers: member wallet pages): every body encrypted, every request signed with a nonce, all answers plain.
/// One transId moves money at most once per agent; whether a repeat answers code 3 or the same result is a switch per call.
/// </summary>
internal sealed class MemberWalletApi : ISandboxApi
{
    public const string Name = "memberwallet";
    private const int LongestUsername = 25;
    private const int LongestTransactionId = 64;
    private const int MaxDecimals = 6;
    private const string Cashout = "cashout";
    private const string Transaction = "transaction";

    private static readonly TimeSpan TokenLife = TimeSpan.FromSeconds(3600);

    private readonly SandboxShared _shared;
    private readonly MemberWalletGate _gate;

    public MemberWalletApi(SandboxShared shared)
    {
        _shared = shared;
        _gate = new MemberWalletGate(shared.Clock);
    }

    public string Provider => Name;

    public void Map(SandboxRoutes routes)
    {
        routes.Post("/v2/auth", Operations.Token, call => Enter(call, Authenticate, needsToken: false));
        routes.Post("/v2/members/balance", Operations.Balance, call => Enter(call, Balance));
        routes.Post("/v2/members/cashout", Operations.Withdraw, call => Enter(call, CashOut));
        routes.Post("/v2/members/transaction", Operations.Withdraw, call => Enter(call, Move));
        routes.Post("/v2/members/check/transactions", Operations.Lookup, call => Enter(call, Check));
        routes.Post("/v2/members/online", Operations.List, call => Enter(call, Online));
        routes.Post("/v2/members", Operations.Other, call => Enter(call, Create));
        routes.Post("/v2/members/sessions/check", Operations.Other, call => Enter(call, Sessions));
        routes.Post("/v2/members/sessions/logout", Operations.Other, call => Enter(call, LogOut));
        routes.Post("/v2/report/user", Operations.List, call => Enter(call, Report));
    }

    public void Seed(SandboxTransaction transaction, long now) => MemberWalletSeed.Fill(transaction, now);

    public SandboxReply Refusal(string code, string? message) => MemberWalletErrors.Reply(
        int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : MemberWalletErrors.InternalError, message);

    private SandboxReply Enter(SandboxCall call, Func<MemberCall, SandboxReply> work, bool needsToken = true) => _shared.Store.InTransaction(transaction =>
    {
        var (agent, parameters, refusal) = _gate.Open(call, transaction, needsToken);
        return agent is null ? refusal! : work(new MemberCall(call, transaction, agent, parameters));
    });

    private SandboxReply Authenticate(MemberCall call)
    {
        if (call.Parameters.Text("agentId") is not { } agent || call.Parameters.Text("secret") is not { } secret)
        {
            return MemberWalletErrors.Reply(MemberWalletErrors.Parameters);
        }
        if (agent != call.Agent.Id || secret != call.Agent.Secret)
        {
            return MemberWalletErrors.Reply(MemberWalletErrors.AgentUnknown);
        }
        var issued = _shared.Clock.GetUtcNow();
        var expires = issued + TokenLife;
        var token = JsonWebToken.Create(
            new { agentId = agent, iat = issued.ToUnixTimeSeconds(), exp = expires.ToUnixTimeSeconds(), jti = Guid.NewGuid().ToString("N") }, secret);
        call.Store.Execute("INSERT INTO tokens (token, provider, credential, expires_at, revoked) VALUES ($t, $p, $c, $e, 0)",
            ("$t", token), ("$p", Name), ("$c", agent), ("$e", Clock.ToUnixMicroseconds(expires)));
        return MemberWalletErrors.Success(new { accessToken = token, expiresIn = (int)TokenLife.TotalSeconds, tokenType = "Bearer" });
    }

    // Members

    private static SandboxReply Balance(MemberCall call)
    {
        var (member, refusal) = Member(call);
        return member is null ? refusal! : MemberWalletErrors.Success(new
        {
            agentId = call.Agent.Id,
            username = member.Id,
            currency = member.Currency,
            balance = Amounts.Decimal(member.Balance),
        });
    }

    private static SandboxReply Online(MemberCall call)
    {
        var users = call.Store.Accounts(Name, call.Agent.Id).Where(static member => member.Detail("online") == "true").Select(static member => member.Id).ToList();
        return MemberWalletErrors.Success(new { userList = users, counts = users.Count });
    }

    private SandboxReply Create(MemberCall call)
    {
        if (call.Parameters.Text("username") is not { } username || !IsUsername(username))
        {
            return MemberWalletErrors.Reply(MemberWalletErrors.Parameters);
        }
        if (call.Store.Account(Name, call.Agent.Id, username) is not null)
        {
            return MemberWalletErrors.Reply(MemberWalletErrors.UsernameExists);
        }
        call.Store.Add(MemberWalletSeed.Member(call.Agent, username, 0, "active", online: false, _shared.Clock.Microseconds));
        return MemberWalletErrors.Success();
    }

    private static SandboxReply Sessions(MemberCall call)
    {
        var (member, refusal) = Member(call);
        return member is null ? refusal! : MemberWalletErrors.Success(member.Detail("online") == "true"
            ? new object[] { new { mode = "real", gamecode = "slot-001", sessionInfo = new { deviceType = 2, lang = "en", username = member.Id, currency = member.Currency } } }
            : []);
    }

    private SandboxReply LogOut(MemberCall call)
    {
        var (member, refusal) = Member(call);
        if (member is null)
        {
            return refusal!;
        }
        var details = new Dictionary<string, string>(member.Details, StringComparer.Ordinal) { ["online"] = "false" };
        call.Store.Update(member with { Details = details }, _shared.Clock.Microseconds);
        return MemberWalletErrors.Success();
    }

    private static SandboxReply Report(MemberCall call)
    {
        if (call.Parameters.Text("startDate") is null || call.Parameters.Text("endDate") is null || call.Parameters.Text("agentId") != call.Agent.Id)
        {
            return MemberWalletErrors.Reply(MemberWalletErrors.Parameters);
        }
        return MemberWalletErrors.Success(call.Store.Accounts(Name, call.Agent.Id).ConvertAll(static member => new
        {
            agentId = member.Credential,
            brand = "vp",
            username = member.Id,
            currency = member.Currency,
            count = 12,
            actualBetAmt = "120.000000",
            validBetAmt = "118.500000",
            winAmt = "97.250000",
            ggr = "21.250000",
            jackpotWin = "0.000000",
            jackpotContribute = "0.000000",
            lastStatisticsTime = Time(member.ModifiedAt),
        }));
    }

    // Money

    private SandboxReply CashOut(MemberCall call)
    {
        var (member, number, refusal) = MoneyCall(call);
        if (member is null)
        {
            return refusal!;
        }
        if (call.Store.OrderByKey(Name, call.Agent.Id, number) is { } earlier)
        {
            return Repeat(call, earlier, same: earlier.Kind == Cashout && earlier.AccountId == member.Id, SandboxSettings.MemberCashoutDuplicate);
        }
        if (member.Balance == 0 && !IsLocked(member))
        {
            return MemberWalletErrors.Reply(MemberWalletErrors.BalanceNotEnough);
        }
        return Open(call, member, number, Cashout, -member.Balance);
    }

    private SandboxReply Move(MemberCall call)
    {
        if (call.Parameters.Number("amount") is not { } amount || amount == 0 || !Amounts.TryConvert(amount, MaxDecimals, out var change))
        {
            return MemberWalletErrors.Reply(MemberWalletErrors.Parameters);
        }
        var (member, number, refusal) = MoneyCall(call);
        if (member is null)
        {
            return refusal!;
        }
        if (call.Store.OrderByKey(Name, call.Agent.Id, number) is { } earlier)
        {
            var same = earlier.Kind == Transaction && earlier.AccountId == member.Id && SignedAmount(earlier) == change;
            return Repeat(call, earlier, same, SandboxSettings.MemberTransactionDuplicate);
        }
        return Open(call, member, number, Transaction, change);
    }

    private SandboxReply Open(MemberCall call, SandboxAccount member, string number, string kind, long change)
    {
        if (IsLocked(member))
        {
            return MemberWalletErrors.Reply(MemberWalletErrors.Locked);
        }
        var plan = change > 0 ? SettlePlan.AtOnce : call.Request.Plan(asynchronous: false, _shared.Settlement.Delay(call.Store), _shared.Clock);
        var now = _shared.Clock.Microseconds;
        var order = new SandboxOrder
        {
            Id = Guid.NewGuid().ToString("D"),
            Provider = Name,
            Credential = call.Agent.Id,
            AccountId = member.Id,
            Key = number,
            Kind = kind,
            Amount = Math.Abs(change),
            Currency = member.Currency,
            Status = plan.InitialStatus,
            Outcome = plan.Outcome,
            Before = member.Balance,
            After = member.Balance + change,
            CreatedAt = now,
            ModifiedAt = now,
            CompletedAt = plan.IsImmediate ? now : null,
            SettleAt = plan.At,
        };
        return call.Store.TryOpen(order, change > 0 ? LedgerKinds.TopUp : LedgerKinds.Withdrawal)
            ? Answer(order)
            : MemberWalletErrors.Reply(MemberWalletErrors.BalanceNotEnough);
    }

    private static SandboxReply Repeat(MemberCall call, SandboxOrder earlier, bool same, string setting) => earlier.Status switch
    {
        OrderStatus.Processing => MemberWalletErrors.Reply(MemberWalletErrors.Pending),
        // Assumed: another payload under a used transId is always refused.
        _ => same && call.Store.Setting(setting) == "same_result" ? Answer(earlier) : MemberWalletErrors.Reply(MemberWalletErrors.TransactionExists),
    };

    /// <summary>A cash-out reports a positive amount, a transaction the signed one.</summary>
    private static SandboxReply Answer(SandboxOrder order) => order.Status == OrderStatus.Processing
        ? MemberWalletErrors.Reply(MemberWalletErrors.Pending)
        : MemberWalletErrors.Success(new
        {
            amount = Amounts.Decimal(order.Kind == Cashout ? order.Amount : SignedAmount(order)),
            balance = Amounts.Decimal(order.After),
        });

    /// <summary>The code is the state: 0 done, 35 pending, 4 unknown. A disabled member's past can still be read.</summary>
    private static SandboxReply Check(MemberCall call)
    {
        if (call.Parameters.Text("username") is not { Length: > 0 } username || call.Parameters.Text("transId") is not { Length: > 0 and <= LongestTransactionId } number)
        {
            return MemberWalletErrors.Reply(MemberWalletErrors.Parameters);
        }
        if (call.Store.Account(Name, call.Agent.Id, username) is null)
        {
            return MemberWalletErrors.Reply(MemberWalletErrors.MemberUnknown);
        }
        return call.Store.OrderByKey(Name, call.Agent.Id, number) switch
        {
            { Status: OrderStatus.Processing } order when order.AccountId == username => MemberWalletErrors.Reply(MemberWalletErrors.Pending),
            { } order when order.AccountId == username => MemberWalletErrors.Success(new
            {
                agent = call.Agent.Id,
                transId = order.Key,
                transactionTime = Time(order.CompletedAt ?? order.CreatedAt),
                amount = Amounts.Decimal(SignedAmount(order)),
                username = order.AccountId,
            }),
            _ => MemberWalletErrors.Reply(MemberWalletErrors.TransactionUnknown),
        };
    }

    private static (SandboxAccount? Member, string Number, SandboxReply? Refusal) MoneyCall(MemberCall call)
    {
        if (call.Parameters.Text("transId") is not { Length: > 0 and <= LongestTransactionId } number)
        {
            return (null, "", MemberWalletErrors.Reply(MemberWalletErrors.Parameters));
        }
        var (member, refusal) = Member(call);
        return (member, number, refusal);
    }

    private static (SandboxAccount? Member, SandboxReply? Refusal) Member(MemberCall call)
    {
        if (call.Parameters.Text("username") is not { Length: > 0 } username)
        {
            return (null, MemberWalletErrors.Reply(MemberWalletErrors.Parameters));
        }
        if (!IsUsername(username))
        {
            return (null, MemberWalletErrors.Reply(MemberWalletErrors.InvalidAccount));
        }
        return call.Store.Account(Name, call.Agent.Id, username) switch
        {
            null => (null, MemberWalletErrors.Reply(MemberWalletErrors.MemberUnknown)),
            { Status: "disabled" } => (null, MemberWalletErrors.Reply(MemberWalletErrors.InvalidAccount)),
            var member => (member, null),
        };
    }

    private bool IsLocked(SandboxAccount member) => member.LockedUntil > _shared.Clock.Microseconds;

    private static long SignedAmount(SandboxOrder order) => order.After >= order.Before ? order.Amount : -order.Amount;

    private static bool IsUsername(string text) => text.Length is > 0 and <= LongestUsername && text.All(char.IsAsciiLetterOrDigit);

    private static string Time(long microseconds) =>
        Clock.FromUnixMicroseconds(microseconds).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}

/// <summary>One call past the gate: its agent and its decrypted parameters, inside its transaction.</summary>
internal sealed record MemberCall(SandboxCall Request, SandboxTransaction Store, MemberAgent Agent, JsonElement Parameters);
