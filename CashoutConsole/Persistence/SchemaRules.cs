using CashoutConsole.Audit.Domain;
using CashoutConsole.Withdrawals.Domain;
using Microsoft.EntityFrameworkCore.Migrations;

namespace CashoutConsole.Persistence;

/// <summary>
/// The first link of the audit chain, and the rules that a constraint cannot say, as triggers, called from the migrations of both databases: append-only tables refuse UPDATE
/// and DELETE, a withdrawal changes status only along the transition table, and it goes back to Scheduled only when every attempt is
/// NotExecuted.
/// </summary>
public static class SchemaRules
{
    /// <summary>Tables whose rows are inserted and never touched again.</summary>
    private static readonly string[] AppendOnly = ["audit_entries", "status_changes", "installations"];

    /// <summary>Tables whose rows may change but never go.</summary>
    private static readonly string[] NeverDeleted = ["withdrawals", "attempts", "breaks", "audit_head"];

    public static void CreateForSqlite(MigrationBuilder migration)
    {
        migration.Sql($"INSERT INTO audit_head (id, sequence, entry_hash) VALUES ({AuditHead.OnlyId}, 0, zeroblob({AuditHash.Size}));");
        foreach (var table in AppendOnly)
        {
            migration.Sql($"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END;");
        }
        foreach (var table in AppendOnly.Concat(NeverDeleted))
        {
            migration.Sql($"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{table} rows are never deleted'); END;");
        }
        migration.Sql($"""
            CREATE TRIGGER withdrawals_transitions BEFORE UPDATE OF status ON withdrawals
            WHEN NEW.status <> OLD.status AND (OLD.status || '>' || NEW.status) NOT IN ({AllowedPairs})
            BEGIN SELECT RAISE(ABORT, 'withdrawal status transition not allowed'); END;
            """);
        migration.Sql("""
            CREATE TRIGGER withdrawals_resend BEFORE UPDATE OF status ON withdrawals
            WHEN OLD.status = 'Sending' AND NEW.status = 'Scheduled'
             AND EXISTS (SELECT 1 FROM attempts WHERE withdrawal_id = NEW.id AND state <> 'NotExecuted')
            BEGIN SELECT RAISE(ABORT, 'a withdrawal that was maybe executed is never scheduled again'); END;
            """);
    }

    public static void CreateForPostgres(MigrationBuilder migration)
    {
        migration.Sql($"INSERT INTO audit_head (id, sequence, entry_hash) VALUES ({AuditHead.OnlyId}, 0, decode('{Convert.ToHexStringLower(AuditHash.Genesis)}', 'hex'));");
        migration.Sql("""
            CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION '% rows are never changed or deleted', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$;
            """);
        foreach (var table in AppendOnly)
        {
            migration.Sql($"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change();");
        }
        foreach (var table in AppendOnly.Concat(NeverDeleted))
        {
            migration.Sql($"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change();");
            migration.Sql($"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();");
        }
        migration.Sql($"""
            CREATE FUNCTION check_withdrawal_transition() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              IF (OLD.status || '>' || NEW.status) NOT IN ({AllowedPairs}) THEN
                RAISE EXCEPTION 'withdrawal status transition not allowed: % to %', OLD.status, NEW.status USING ERRCODE = 'check_violation';
              END IF;
              IF OLD.status = 'Sending' AND NEW.status = 'Scheduled'
                 AND EXISTS (SELECT 1 FROM attempts WHERE withdrawal_id = NEW.id AND state <> 'NotExecuted') THEN
                RAISE EXCEPTION 'a withdrawal that was maybe executed is never scheduled again' USING ERRCODE = 'check_violation';
              END IF;
              RETURN NEW;
            END $$;
            CREATE TRIGGER withdrawals_transitions BEFORE UPDATE OF status ON withdrawals FOR EACH ROW
              WHEN (NEW.status <> OLD.status) EXECUTE FUNCTION check_withdrawal_transition();
            """);
    }

    private static string AllowedPairs => string.Join(", ", WithdrawalTransitions.All.Select(static pair => $"'{pair.From}>{pair.To}'"));
}
