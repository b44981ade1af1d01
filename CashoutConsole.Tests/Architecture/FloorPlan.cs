namespace CashoutConsole.Tests.Architecture;

/// <summary>
/// Where a type lives, by its namespace (CashoutConsole.Room.Floor), and which references are allowed: down a floor, or along it to the
/// same or an earlier room.
/// </summary>
public static class FloorPlan
{
    private const string Root = "CashoutConsole";
    private const string Composition = "Composition";
    private const string Sandbox = "Sandbox";

    private static readonly string[] Floors = ["Foundation", "Domain", "Persistence", "Application", "Infrastructure", "Controls", "UI", "Shell"];
    private static readonly string[] Rooms = ["Audit", "Identity", "Providers", "Approvals", "Cards", "Withdrawals", "Reconciliation", "Notices", "Exports"];

    /// <param name="Floor">One of the floors, Composition (may see everything), Sandbox, or null for what the compiler made.</param>
    public sealed record Place(string? Floor, string? Room);

    public static Place Of(string type)
    {
        var parts = type.Split('.');
        if (parts[0] != Root)
        {
            return new Place(null, null);
        }
        // A type at the root, a room's setup at the room's root, or what the build adds wires things together.
        if (parts.Length == 2 || parts[1] == "Build" || (parts.Length == 3 && parts[2].EndsWith("Setup", StringComparison.Ordinal)))
        {
            return new Place(Composition, null);
        }
        if (parts[1] == Sandbox)
        {
            return new Place(Sandbox, null);
        }
        if (Floors.Contains(parts[1]))
        {
            return new Place(parts[1], null);
        }
        return Rooms.Contains(parts[1]) ? new Place(FloorOf(parts[1], parts[2]), parts[1]) : throw new InvalidOperationException($"{type} lives in no room.");
    }

    /// <summary>Null = allowed; else what is wrong with it.</summary>
    public static string? FaultOf(string from, string to)
    {
        var (a, b) = (Of(from), Of(to));
        if (a.Floor is null or Composition || b.Floor is null)
        {
            return null;
        }
        if (b.Floor == Composition)
        {
            return $"{a.Floor} sees the composition";
        }
        if (a.Floor == Sandbox || b.Floor == Sandbox)
        {
            return a.Floor == b.Floor || (a.Floor == Sandbox && b.Floor == "Foundation") ? null : $"{a.Floor} sees {b.Floor}";
        }
        var (above, below) = (Array.IndexOf(Floors, a.Floor), Array.IndexOf(Floors, b.Floor));
        if (above < below)
        {
            return $"{a.Floor} sees the floor {b.Floor} above it";
        }
        if (a.Floor is "UI" or "Shell" && b.Floor == "Persistence")
        {
            return $"{a.Floor} goes past Application to Persistence";
        }
        return above == below && Array.IndexOf(Rooms, a.Room) < Array.IndexOf(Rooms, b.Room) ? $"the room {a.Room} sees the later room {b.Room} on the same floor" : null;
    }

    /// <summary>The contracts are the domain of the providers; the wire and each provider's adapter are their infrastructure.</summary>
    private static string FloorOf(string room, string part) => (room, part) switch
    {
        ("Providers", "Contracts") => "Domain",
        ("Providers", "Domain" or "Application" or "Infrastructure" or "UI") => part,
        ("Providers", _) => "Infrastructure",
        _ when Floors.Contains(part) => part,
        _ => throw new InvalidOperationException($"{room} has no floor {part}."),
    };
}
