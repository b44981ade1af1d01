namespace CashoutConsole.E2E.Fixtures;

/// <summary>
/// Starting a console costs more than most journeys, so journeys that do not get in each other's way share one. Those that start or kill
/// theirs, or configure it, have one of their own.
/// </summary>
public static class Consoles
{
    /// <summary>Walks over the pages.</summary>
    public const string Looks = "Looks";

    /// <summary>Small withdrawals, and people who come and go.</summary>
    public const string Money = "Money";

    /// <summary>Large withdrawals, an inbox that is empty at first, second factors, broken providers, selections.</summary>
    public const string Approvals = "Approvals";
}

/// <summary>The console of <see cref="Consoles.Looks"/>.</summary>
[CollectionDefinition(Consoles.Looks)]
public sealed class LooksConsole : ICollectionFixture<RehearsalFixture>;

/// <summary>The console of <see cref="Consoles.Money"/>.</summary>
[CollectionDefinition(Consoles.Money)]
public sealed class MoneyConsole : ICollectionFixture<RehearsalFixture>;

/// <summary>The console of <see cref="Consoles.Approvals"/>.</summary>
[CollectionDefinition(Consoles.Approvals)]
public sealed class ApprovalsConsole : ICollectionFixture<RehearsalFixture>;

/// <summary>Journeys on a shared console: what one opened is closed before the next one.</summary>
public abstract class SharedConsole(RehearsalFixture fixture) : IAsyncLifetime
{
    protected RehearsalFixture Fixture => fixture;

    protected Rehearsal Rehearsal => fixture.Rehearsal;

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => fixture.Browser.CloseAsync();
}
