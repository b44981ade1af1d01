namespace CashoutConsole.Foundation;

/// <summary>
/// Marks an Application class as a use case and names the permission without which it is refused. The access test goes through
/// every class that carries it, times every role, and fails for an Application class with a public ExecuteAsync that lacks it.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class UseCaseAttribute(Permission permission) : Attribute
{
    public Permission Permission { get; } = permission;
}
