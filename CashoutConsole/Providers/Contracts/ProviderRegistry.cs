namespace CashoutConsole.Providers.Contracts;

/// <summary>One configured provider account. <see cref="Name"/> ("Uqpay:main") is its stable name in the database, in CSV files and on the command line.</summary>
public sealed record ProviderAccountDefinition(
    ProviderKind Provider, string Key, string DisplayName, string Origin, string EndpointIdentity, ProviderSheet Sheet)
{
    public string Name => $"{Provider}:{Key}";
}

/// <summary>Port to the adapters: the configured provider accounts and the provider behind each.</summary>
public interface IProviderRegistry
{
    OperatingMode Mode { get; }

    IReadOnlyList<ProviderAccountDefinition> Definitions { get; }

    /// <summary>Null when the configuration has no provider account of that name any more.</summary>
    IPayoutProvider? Find(string name);
}
