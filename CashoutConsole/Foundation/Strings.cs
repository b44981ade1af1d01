namespace CashoutConsole.Foundation;

/// <summary>
/// Names the one pair of text resources (English is the neutral one, zh-Hans beside it), so that every floor can ask for
/// <c>IStringLocalizer&lt;Strings&gt;</c>. Keys are grouped by prefix: <c>Nav_</c>, <c>Action_</c>, <c>Status_</c>, <c>Fault_</c>, …
/// </summary>
public sealed class Strings
{
    private Strings()
    {
    }
}
