using Microsoft.EntityFrameworkCore.Migrations;

namespace CashoutConsole.Persistence;

/// <summary>
/// The rules behind batches, as triggers of both databases: what a confirmed batch asks for never changes, and rows are never deleted. The
/// batch's columns join what is frozen in an instruction.
/// </summary>
public static class BulkRules
{
    private static readonly string[] NeverDeleted = ["batches", "batch_items"];

    private static readonly string[] Instruction =
    [
        "batch_id", "batch_item", "leg", "legs", "is_ceiling", "keep_millionths", "plan_total_millionths", "drift_tolerance_millionths",
    ];

    private static readonly string[] BatchTerms = ["source", "maker_id", "created_at", "previous_id"];

    private static readonly string[] ItemTerms =
        ["account_id", "kind", "asked_millionths", "client_reference", "note", "fingerprint", "reading_millionths", "reading_at", "state", "legs", "planned_millionths"];

    public static void CreateForSqlite(MigrationBuilder migration)
    {
        foreach (var table in NeverDeleted)
        {
            migration.Sql($"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{table} rows are never deleted'); END;");
        }
        migration.Sql($"CREATE TRIGGER withdrawals_frozen_batch BEFORE UPDATE ON withdrawals WHEN {Differs(Instruction, "IS NOT")} BEGIN SELECT RAISE(ABORT, 'an instruction never changes'); END;");
        migration.Sql($"CREATE TRIGGER batches_frozen BEFORE UPDATE ON batches WHEN {Differs(BatchTerms, "IS NOT")} OR (OLD.state = 'Submitted' AND NEW.state <> 'Submitted') BEGIN SELECT RAISE(ABORT, 'what a batch is never changes'); END;");
        migration.Sql($"CREATE TRIGGER batch_items_frozen BEFORE UPDATE ON batch_items WHEN ({Differs(ItemTerms, "IS NOT")}) AND {Submitted} BEGIN SELECT RAISE(ABORT, 'a confirmed item never changes'); END;");
        migration.Sql($"CREATE TRIGGER batch_items_late BEFORE INSERT ON batch_items WHEN {Submitted} BEGIN SELECT RAISE(ABORT, 'a confirmed batch takes no more items'); END;");
    }

    public static void CreateForPostgres(MigrationBuilder migration)
    {
        foreach (var table in NeverDeleted)
        {
            migration.Sql($"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change();");
            migration.Sql($"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();");
        }
        migration.Sql($"CREATE TRIGGER withdrawals_frozen_batch BEFORE UPDATE ON withdrawals FOR EACH ROW WHEN ({Differs(Instruction, "IS DISTINCT FROM")}) EXECUTE FUNCTION refuse_change();");
        migration.Sql($"CREATE TRIGGER batches_frozen BEFORE UPDATE ON batches FOR EACH ROW WHEN ({Differs(BatchTerms, "IS DISTINCT FROM")} OR (OLD.state = 'Submitted' AND NEW.state <> 'Submitted')) EXECUTE FUNCTION refuse_change();");
        // A condition of a trigger cannot look at another table: the functions do.
        migration.Sql($"""
            CREATE FUNCTION check_batch_item() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              IF {Submitted} THEN
                RAISE EXCEPTION 'a confirmed item never changes' USING ERRCODE = 'restrict_violation';
              END IF;
              RETURN NEW;
            END $$;
            CREATE TRIGGER batch_items_frozen BEFORE UPDATE ON batch_items FOR EACH ROW WHEN ({Differs(ItemTerms, "IS DISTINCT FROM")}) EXECUTE FUNCTION check_batch_item();
            CREATE TRIGGER batch_items_late BEFORE INSERT ON batch_items FOR EACH ROW EXECUTE FUNCTION check_batch_item();
            """);
    }

    private const string Submitted = "EXISTS (SELECT 1 FROM batches b WHERE b.id = NEW.batch_id AND b.state = 'Submitted')";

    private static string Differs(string[] columns, string comparison) => string.Join(" OR ", columns.Select(column => $"NEW.{column} {comparison} OLD.{column}"));
}
