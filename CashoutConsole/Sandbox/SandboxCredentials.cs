namespace CashoutConsole.Sandbox;

/// <summary>
/// The fixed demo credentials of the sandbox; appsettings.Development.json carries the same values. They open nothing but this
/// simulation, which is why they may stand in a file.
/// </summary>
public static class SandboxCredentials
{
    public static class Pikabao
    {
        public const string AppId = "demo-appid";
        public const string Secret = "sandbox-pikabao-secret";

        /// <summary>The account id that account/info answers and webhooks carry.</summary>
        public const string AccountId = "132456789";
    }

    public static class KeySecure
    {
        public const string ApiKey = "sandbox-keysecure-key";
        public const string ApiSecret = "sandbox-keysecure-secret";
    }

    public static class Uqpay
    {
        public const string ClientId = "sandbox-uqpay-client";
        public const string ApiKey = "sandbox-uqpay-key";
        public const string WebhookSecret = "whsec_sandbox";

        /// <summary>The master account's id; requests without x-on-behalf-of act for it.</summary>
        public const string MasterAccount = "0b8f7c14-6a52-4e0e-8d3b-91c7d25f4a10";

        /// <summary>The issuing sub-account for x-on-behalf-of.</summary>
        public const string SubAccount = "6d1f0a52-3b7e-4c1d-9a57-2f64b1c8e901";
    }

    public static class UnCash
    {
        /// <summary>Token of the wallet "main": uc_ and 40 characters.</summary>
        public const string MainToken = "uc_5a5a0000000000000000000000000000000main1";

        /// <summary>Token of the wallet "apac": uc_ and 40 characters.</summary>
        public const string ApacToken = "uc_5a5a0000000000000000000000000000000apac1";
    }

    public static class MemberWallet
    {
        public const string ThbAgent = "sandboxAgentTHB";
        public const string ThbApiKey = "5a2d1c0b9e8f7a6b5c4d3e2f1a0b9c8d7e6f5a4b3c2d1e0f9a8b7c6d5e4f3a2b";
        public const string ThbSecret = "c2FuZGJveC10aGItc2VjcmV0LWtleQ==";

        public const string PhpAgent = "sandboxAgentPHP";
        public const string PhpApiKey = "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0";
        public const string PhpSecret = "c2FuZGJveC1waHAtc2VjcmV0LWtleQ==";
    }
}
