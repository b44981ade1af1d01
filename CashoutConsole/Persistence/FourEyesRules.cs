using Microsoft.EntityFrameworkCore.Migrations;

namespace CashoutConsole.Persistence;

/// <summary>
/// The rules behind approvals that a constraint cannot say, as triggers of both databases: decisions, lines and rules are append-only;
/// a request is closed once and approved only with enough approvals; an instruction never changes; a withdrawal that needs checkers is
/// neither scheduled nor sent without them.
/// </summary>
public static class FourEyesRules
{
    private static readonly string[] AppendOnly = ["approval_lines", "approval_decisions", "policy_rules", "set_up_closings"];
    private static readonly string[] NeverDeleted = ["approval_requests", "policies", "recoveries", "recovery_codes", "operator_invites"];

    /// <summary>What a withdrawal instructs: compared by "IS NOT", which knows NULL in both databases (IS DISTINCT FROM in PostgreSQL).</summary>
    private static readonly string[] Instruction =
    [
        "command_id", "provider_account_id", "account_id", "endpoint_identity", "external_account_id", "mode", "amount_millionths", "currency",
        "idempotency_key", "maker_id", "created_at", "submission_number", "policy_number", "required_checkers", "approval_id",
    ];

    private static readonly string[] RequestTerms =
        ["kind", "subject_id", "maker_id", "created_at", "expires_at", "execute_by", "required_checkers", "policy_number", "digest", "previous_id"];

    private static readonly string[] PolicyTerms = ["maker_id", "created_at", "time_zone", "decide_within_hours"];


    public static void CreateForSqlite(MigrationBuilder migration)
    {
        foreach (var table in AppendOnly)
        {
            migration.Sql($"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END;");
        }
        foreach (var table in AppendOnly.Concat(NeverDeleted))
        {
            migration.Sql($"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{table} rows are never deleted'); END;");
        }
        Frozen(migration, "withdrawals", Instruction, "an instruction never changes");
        Frozen(migration, "approval_requests", RequestTerms, "what a request asks for never changes");
        Frozen(migration, "policies", PolicyTerms, "a policy version never changes");
        migration.Sql($"""
            CREATE TRIGGER approval_requests_closed_once BEFORE UPDATE OF status ON approval_requests
            WHEN NEW.status <> OLD.status AND (OLD.status <> 'Pending'
              OR (NEW.status = 'Approved' AND NOT ({EnoughApprovals("NEW.id")})))
            BEGIN SELECT RAISE(ABORT, 'a request is closed once, and approved only by enough checkers'); END;
            """);
        migration.Sql($"""
            CREATE TRIGGER withdrawals_approved BEFORE UPDATE OF status ON withdrawals
            WHEN NEW.status IN ('Scheduled', 'Sending') AND NEW.required_checkers > 0 AND NOT ({ApprovedWithdrawal})
            BEGIN SELECT RAISE(ABORT, 'a withdrawal moves on only with its approval'); END;
            """);
        migration.Sql("""
            CREATE TRIGGER withdrawals_born_unapproved BEFORE INSERT ON withdrawals
            WHEN NEW.required_checkers > 0 AND (NEW.status <> 'AwaitingApproval' OR NEW.approval_id IS NULL)
            BEGIN SELECT RAISE(ABORT, 'a withdrawal that needs checkers starts by waiting for them'); END;
            """);
    }

    public static void CreateForPostgres(MigrationBuilder migration)
    {
        foreach (var table in AppendOnly)
        {
            migration.Sql($"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change();");
        }
        foreach (var table in AppendOnly.Concat(NeverDeleted))
        {
            migration.Sql($"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change();");
            migration.Sql($"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();");
        }
        foreach (var (table, columns) in new[] { ("withdrawals", Instruction), ("approval_requests", RequestTerms), ("policies", PolicyTerms) })
        {
            migration.Sql($"CREATE TRIGGER {table}_frozen BEFORE UPDATE ON {table} FOR EACH ROW WHEN ({Differs(columns, "IS DISTINCT FROM")}) EXECUTE FUNCTION refuse_change();");
        }
        migration.Sql($"""
            CREATE FUNCTION check_request_closing() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              IF OLD.status <> 'Pending' OR (NEW.status = 'Approved' AND NOT ({EnoughApprovals("NEW.id")})) THEN
                RAISE EXCEPTION 'a request is closed once, and approved only by enough checkers' USING ERRCODE = 'check_violation';
              END IF;
              RETURN NEW;
            END $$;
            CREATE TRIGGER approval_requests_closed_once BEFORE UPDATE OF status ON approval_requests FOR EACH ROW
              WHEN (NEW.status <> OLD.status) EXECUTE FUNCTION check_request_closing();
            CREATE FUNCTION check_withdrawal_approved() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              IF NOT ({ApprovedWithdrawal}) THEN
                RAISE EXCEPTION 'a withdrawal moves on only with its approval' USING ERRCODE = 'check_violation';
              END IF;
              RETURN NEW;
            END $$;
            CREATE TRIGGER withdrawals_approved BEFORE UPDATE OF status ON withdrawals FOR EACH ROW
              WHEN (NEW.status IN ('Scheduled', 'Sending') AND NEW.required_checkers > 0) EXECUTE FUNCTION check_withdrawal_approved();
            CREATE TRIGGER withdrawals_born_unapproved BEFORE INSERT ON withdrawals FOR EACH ROW
              WHEN (NEW.required_checkers > 0 AND (NEW.status <> 'AwaitingApproval' OR NEW.approval_id IS NULL)) EXECUTE FUNCTION refuse_change();
            """);
    }

    private static string ApprovedWithdrawal =>
        $"EXISTS (SELECT 1 FROM approval_requests r WHERE r.id = NEW.approval_id AND r.status = 'Approved' AND r.maker_id = NEW.maker_id) AND {EnoughApprovals("NEW.approval_id")}";

    private static string EnoughApprovals(string request) =>
        $"(SELECT COUNT(*) FROM approval_decisions d WHERE d.request_id = {request} AND d.verdict = 'Approve' AND d.checker_id <> NEW.maker_id) >= NEW.required_checkers";

    private static void Frozen(MigrationBuilder migration, string table, string[] columns, string message) => migration.Sql(
        $"CREATE TRIGGER {table}_frozen BEFORE UPDATE ON {table} WHEN {Differs(columns, "IS NOT")} BEGIN SELECT RAISE(ABORT, '{message}'); END;");

    private static string Differs(string[] columns, string comparison) => string.Join(" OR ", columns.Select(column => $"NEW.{column} {comparison} OLD.{column}"));
}
