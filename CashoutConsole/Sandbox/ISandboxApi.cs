using System.Text.Json;

namespace CashoutConsole.Sandbox;

/// <summary>One simulated provider: its routes, its words for refusals, and what it does when an order settles or a card changes.</summary>
internal interface ISandboxApi
{
    /// <summary>The provider's name in the file and on the control endpoint: pikabao, keysecure, uqpay, uncash, memberwallet.</summary>
    string Provider { get; }

    void Map(SandboxRoutes routes);

    void Seed(SandboxTransaction transaction, long now);

    /// <summary>The provider's error envelope for a code that a fault names.</summary>
    SandboxReply Refusal(string code, string? message);

    /// <summary>The answer to a credential that is no longer valid, for providers whose credential is not a stored token; null elsewhere.</summary>
    SandboxReply? CredentialRefusal => null;

    void OnSettled(SandboxTransaction transaction, SandboxOrder order)
    {
    }

    void OnPurchase(SandboxTransaction transaction, SandboxAccount account, SandboxTransactionRow row)
    {
    }

    void OnStatusChanged(SandboxTransaction transaction, SandboxAccount before, SandboxAccount after)
    {
    }

    /// <summary>The body of a webhook with this payload, signed inside if that is how the provider signs; null when the provider has no webhooks.</summary>
    string? WebhookBody(JsonElement payload, long timestampMs, bool forged) => null;

    /// <summary>The headers that sign a webhook at the moment it is sent.</summary>
    IReadOnlyList<(string Name, string Value)> WebhookHeaders(string body, long timestampMs, bool forged) => [];

    /// <summary>Whether this answer acknowledges a webhook.</summary>
    bool Acknowledges(int status, string answer) => status is >= 200 and < 300;
}
