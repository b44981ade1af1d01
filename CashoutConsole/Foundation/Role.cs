namespace CashoutConsole.Foundation;

/// <summary>What an operator may be. One operator may hold several; no combination lets anyone decide on what they made.</summary>
public enum Role
{
    Treasury,
    Supervisor,
    Auditor,
    Administrator,
}
