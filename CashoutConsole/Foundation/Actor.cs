namespace CashoutConsole.Foundation;

/// <summary>Who acts: a person, the console itself (on behalf of the person whose instruction it carries out), a provider's webhook, or the command line.</summary>
public enum ActorKind
{
    Operator,
    System,
    Webhook,
    Console,
}

/// <summary>
/// The author of a change, as it goes on record. <see cref="Id"/> is the operator's id (ActorKind.Operator) or the name of the
/// part that acts ("dispatcher"). <see cref="OnBehalfOf"/> is the operator whose instruction the system carries out.
/// Permissions are never taken from here: they are re-read from the database.
/// </summary>
public sealed record Actor(ActorKind Kind, string Id, string Name, string? OnBehalfOf = null, string? RemoteAddress = null)
{
    /// <summary>The session of a signed-in operator: a step-up counts for the session it was made in, and for no other.</summary>
    public Guid? SessionId { get; init; }

    public static Actor Operator(string id, string name, string? remoteAddress = null) => new(ActorKind.Operator, id, name, null, remoteAddress);

    public static Actor System(string part, string? onBehalfOf = null) => new(ActorKind.System, part, part, onBehalfOf);

    public static Actor Webhook(string provider, string? remoteAddress) => new(ActorKind.Webhook, provider, provider, null, remoteAddress);

    public static readonly Actor Console = new(ActorKind.Console, "console", "console");
}
