using CashoutConsole.Approvals.Domain;
using CashoutConsole.Audit.Application;
using CashoutConsole.Foundation;
using CashoutConsole.Persistence;

namespace CashoutConsole.Approvals.Application;

/// <summary>One line of what is asked for: its subject and its canonical text.</summary>
public sealed record CanonicalLine(string SubjectId, string Text);

/// <summary>
/// Port to the room that carries out what was approved. Everything happens in the transaction of the decision: the decision and its
/// effect commit together or not at all.
/// </summary>
public interface IApprovedAction
{
    ApprovalKind Kind { get; }

    /// <summary>What the maker must still hold when others approve.</summary>
    Permission MakerPermission { get; }

    /// <summary>The lines as the rows say now, in their order. They must be what the checkers see.</summary>
    Task<IReadOnlyList<CanonicalLine>> LinesAsync(CashoutDbContext db, ApprovalRequest request, CancellationToken cancellation);

    /// <summary>Carries it out, or says why not; then nothing is decided.</summary>
    Task<Error?> ApproveAsync(WorkScope scope, ApprovalRequest request, CancellationToken cancellation);

    /// <summary>The request ended without approval.</summary>
    Task CloseAsync(WorkScope scope, ApprovalRequest request, string? reason, CancellationToken cancellation);
}
