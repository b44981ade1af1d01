using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CashoutConsole.Persistence.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Bulk : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_withdrawals_maker_id_currency_created_at",
                table: "withdrawals");

            migrationBuilder.DropIndex(
                name: "ix_withdrawals_provider_account_id_currency_created_at",
                table: "withdrawals");

            migrationBuilder.AddColumn<Guid>(
                name: "batch_id",
                table: "withdrawals",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "batch_item",
                table: "withdrawals",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "drift_tolerance_millionths",
                table: "withdrawals",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<bool>(
                name: "is_ceiling",
                table: "withdrawals",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<long>(
                name: "keep_millionths",
                table: "withdrawals",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<int>(
                name: "leg",
                table: "withdrawals",
                type: "INTEGER",
                nullable: false,
                defaultValue: 1);

            migrationBuilder.AddColumn<int>(
                name: "legs",
                table: "withdrawals",
                type: "INTEGER",
                nullable: false,
                defaultValue: 1);

            migrationBuilder.AddColumn<long>(
                name: "plan_total_millionths",
                table: "withdrawals",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "sent_millionths",
                table: "withdrawals",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "batches",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    source = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    title = table.Column<string>(type: "TEXT", maxLength: 100, nullable: true),
                    maker_id = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    previous_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    state = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    planned_at = table.Column<long>(type: "INTEGER", nullable: true),
                    finish_at = table.Column<long>(type: "INTEGER", nullable: true),
                    submitted_at = table.Column<long>(type: "INTEGER", nullable: true),
                    reason = table.Column<string>(type: "TEXT", maxLength: 500, nullable: true),
                    policy_number = table.Column<int>(type: "INTEGER", nullable: true),
                    required_checkers = table.Column<int>(type: "INTEGER", nullable: false),
                    approval_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    paused_at = table.Column<long>(type: "INTEGER", nullable: true),
                    paused_by = table.Column<string>(type: "TEXT", maxLength: 100, nullable: true),
                    pause_reason = table.Column<string>(type: "TEXT", maxLength: 500, nullable: true),
                    version = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_batches", x => x.id);
                    table.ForeignKey(
                        name: "fk_batches_batches_previous_id",
                        column: x => x.previous_id,
                        principalTable: "batches",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_batches_identity_users_maker_id",
                        column: x => x.maker_id,
                        principalTable: "identity_users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "batch_items",
                columns: table => new
                {
                    batch_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    number = table.Column<int>(type: "INTEGER", nullable: false),
                    typed = table.Column<string>(type: "TEXT", maxLength: 8000, nullable: true),
                    cell_faults = table.Column<string>(type: "TEXT", maxLength: 8000, nullable: true),
                    account_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    kind = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    asked_millionths = table.Column<long>(type: "INTEGER", nullable: false),
                    client_reference = table.Column<string>(type: "TEXT", maxLength: 100, nullable: true),
                    note = table.Column<string>(type: "TEXT", maxLength: 500, nullable: true),
                    fingerprint = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    seen_millionths = table.Column<long>(type: "INTEGER", nullable: true),
                    reading_millionths = table.Column<long>(type: "INTEGER", nullable: true),
                    reading_at = table.Column<long>(type: "INTEGER", nullable: true),
                    state = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    left_out_code = table.Column<string>(type: "TEXT", maxLength: 40, nullable: true),
                    left_out_text = table.Column<string>(type: "TEXT", maxLength: 2000, nullable: true),
                    legs = table.Column<string>(type: "TEXT", nullable: false),
                    planned_millionths = table.Column<long>(type: "INTEGER", nullable: false),
                    stranded_millionths = table.Column<long>(type: "INTEGER", nullable: false),
                    baseline_millionths = table.Column<long>(type: "INTEGER", nullable: true),
                    baseline_leg = table.Column<int>(type: "INTEGER", nullable: false),
                    paused_at = table.Column<long>(type: "INTEGER", nullable: true),
                    pause_code = table.Column<string>(type: "TEXT", maxLength: 40, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_batch_items", x => new { x.batch_id, x.number });
                    table.ForeignKey(
                        name: "fk_batch_items_batches_batch_id",
                        column: x => x.batch_id,
                        principalTable: "batches",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "ix_withdrawals_batch_id_batch_item_leg",
                table: "withdrawals",
                columns: new[] { "batch_id", "batch_item", "leg" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_withdrawals_maker_totals",
                table: "withdrawals",
                columns: new[] { "maker_id", "currency", "created_at", "submission_number", "status", "settled_millionths", "amount_millionths" });

            migrationBuilder.CreateIndex(
                name: "ix_withdrawals_provider_totals",
                table: "withdrawals",
                columns: new[] { "provider_account_id", "currency", "created_at", "submission_number", "status", "settled_millionths", "amount_millionths" });

            migrationBuilder.CreateIndex(
                name: "ix_batch_items_batch_id_account_id",
                table: "batch_items",
                columns: new[] { "batch_id", "account_id" });

            migrationBuilder.CreateIndex(
                name: "ix_batch_items_fingerprint",
                table: "batch_items",
                column: "fingerprint");

            migrationBuilder.CreateIndex(
                name: "ix_batches_approval_id",
                table: "batches",
                column: "approval_id");

            migrationBuilder.CreateIndex(
                name: "ix_batches_created_at",
                table: "batches",
                column: "created_at");

            migrationBuilder.CreateIndex(
                name: "ix_batches_maker_id",
                table: "batches",
                column: "maker_id");

            migrationBuilder.CreateIndex(
                name: "ix_batches_previous_id",
                table: "batches",
                column: "previous_id");

            migrationBuilder.CreateIndex(
                name: "ix_batches_state",
                table: "batches",
                column: "state");

            BulkRules.CreateForSqlite(migrationBuilder);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "batch_items");

            migrationBuilder.DropTable(
                name: "batches");

            migrationBuilder.DropIndex(
                name: "ix_withdrawals_batch_id_batch_item_leg",
                table: "withdrawals");

            migrationBuilder.DropIndex(
                name: "ix_withdrawals_maker_totals",
                table: "withdrawals");

            migrationBuilder.DropIndex(
                name: "ix_withdrawals_provider_totals",
                table: "withdrawals");

            migrationBuilder.DropColumn(
                name: "batch_id",
                table: "withdrawals");

            migrationBuilder.DropColumn(
                name: "batch_item",
                table: "withdrawals");

            migrationBuilder.DropColumn(
                name: "drift_tolerance_millionths",
                table: "withdrawals");

            migrationBuilder.DropColumn(
                name: "is_ceiling",
                table: "withdrawals");

            migrationBuilder.DropColumn(
                name: "keep_millionths",
                table: "withdrawals");

            migrationBuilder.DropColumn(
                name: "leg",
                table: "withdrawals");

            migrationBuilder.DropColumn(
                name: "legs",
                table: "withdrawals");

            migrationBuilder.DropColumn(
                name: "plan_total_millionths",
                table: "withdrawals");

            migrationBuilder.DropColumn(
                name: "sent_millionths",
                table: "withdrawals");

            migrationBuilder.CreateIndex(
                name: "ix_withdrawals_maker_id_currency_created_at",
                table: "withdrawals",
                columns: new[] { "maker_id", "currency", "created_at" });

            migrationBuilder.CreateIndex(
                name: "ix_withdrawals_provider_account_id_currency_created_at",
                table: "withdrawals",
                columns: new[] { "provider_account_id", "currency", "created_at" });
        }
    }
}
