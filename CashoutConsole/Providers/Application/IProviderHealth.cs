namespace CashoutConsole.Providers.Application;

/// <summary>A provider account that failed again and again: nothing is sent there before <see cref="Until"/>, then one send tries.</summary>
public sealed record ProviderRest(int FailuresInARow, DateTimeOffset Until);

/// <summary>Port to the room that sends, which comes later: how the provider accounts answer.</summary>
public interface IProviderHealth
{
    /// <summary>Null = it answers.</summary>
    ProviderRest? RestOf(Guid providerAccountId);
}
