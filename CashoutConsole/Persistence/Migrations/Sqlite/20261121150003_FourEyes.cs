using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CashoutConsole.Persistence.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class FourEyes : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_withdrawals_maker_id",
                table: "withdrawals");

            migrationBuilder.AddColumn<Guid>(
                name: "approval_id",
                table: "withdrawals",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "policy_number",
                table: "withdrawals",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "required_checkers",
                table: "withdrawals",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<long>(
                name: "submission_number",
                table: "withdrawals",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "last_totp_step",
                table: "identity_users",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<string>(
                name: "totp_secret",
                table: "identity_users",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "two_factor_since",
                table: "identity_users",
                type: "INTEGER",
                nullable: true);

            // In the order of their making, for the unique index below.
            migrationBuilder.Sql("UPDATE withdrawals SET submission_number = (SELECT COUNT(*) FROM withdrawals o WHERE o.created_at < withdrawals.created_at OR (o.created_at = withdrawals.created_at AND o.id <= withdrawals.id));");

            migrationBuilder.CreateTable(
                name: "approval_requests",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    kind = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    subject_id = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    maker_id = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    reason = table.Column<string>(type: "TEXT", maxLength: 500, nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    expires_at = table.Column<long>(type: "INTEGER", nullable: false),
                    execute_by = table.Column<long>(type: "INTEGER", nullable: false),
                    required_checkers = table.Column<int>(type: "INTEGER", nullable: false),
                    policy_number = table.Column<int>(type: "INTEGER", nullable: true),
                    fired = table.Column<string>(type: "TEXT", nullable: false),
                    digest = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    previous_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    status = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    closed_at = table.Column<long>(type: "INTEGER", nullable: true),
                    version = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_approval_requests", x => x.id);
                    table.UniqueConstraint("ak_approval_requests_id_maker_id", x => new { x.id, x.maker_id });
                    table.CheckConstraint("ck_approval_requests_checkers", "required_checkers BETWEEN 1 AND 2");
                    table.CheckConstraint("ck_approval_requests_closed", "(closed_at IS NOT NULL) = (status <> 'Pending')");
                    table.ForeignKey(
                        name: "fk_approval_requests_approval_requests_previous_id",
                        column: x => x.previous_id,
                        principalTable: "approval_requests",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_approval_requests_asp_net_users_maker_id",
                        column: x => x.maker_id,
                        principalTable: "identity_users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "notices",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    kind = table.Column<string>(type: "TEXT", maxLength: 30, nullable: false),
                    subject_id = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    deduplication_key = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    body = table.Column<string>(type: "TEXT", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_notices", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "operator_invites",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    operator_id = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    token_hash = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    created_by = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    expires_at = table.Column<long>(type: "INTEGER", nullable: false),
                    used_at = table.Column<long>(type: "INTEGER", nullable: true),
                    revoked_at = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_operator_invites", x => x.id);
                    table.ForeignKey(
                        name: "fk_operator_invites_identity_users_operator_id",
                        column: x => x.operator_id,
                        principalTable: "identity_users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "operator_sessions",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    operator_id = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    ends_at = table.Column<long>(type: "INTEGER", nullable: false),
                    last_seen_at = table.Column<long>(type: "INTEGER", nullable: false),
                    remote_address = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    user_agent = table.Column<string>(type: "TEXT", maxLength: 300, nullable: true),
                    step_up_at = table.Column<long>(type: "INTEGER", nullable: true),
                    ended_at = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_operator_sessions", x => x.id);
                    table.ForeignKey(
                        name: "fk_operator_sessions_identity_users_operator_id",
                        column: x => x.operator_id,
                        principalTable: "identity_users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "policies",
                columns: table => new
                {
                    number = table.Column<int>(type: "INTEGER", nullable: false),
                    state = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    maker_id = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    reason = table.Column<string>(type: "TEXT", maxLength: 500, nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    activated_at = table.Column<long>(type: "INTEGER", nullable: true),
                    time_zone = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    decide_within_hours = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_policies", x => x.number);
                });

            migrationBuilder.CreateTable(
                name: "policy_counters",
                columns: table => new
                {
                    scope = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    scope_id = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    currency = table.Column<string>(type: "TEXT", maxLength: 16, nullable: false),
                    number = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_policy_counters", x => new { x.scope, x.scope_id, x.currency });
                });

            migrationBuilder.CreateTable(
                name: "recoveries",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    operator_id = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    at = table.Column<long>(type: "INTEGER", nullable: false),
                    first_acknowledged_by = table.Column<string>(type: "TEXT", maxLength: 100, nullable: true),
                    second_acknowledged_by = table.Column<string>(type: "TEXT", maxLength: 100, nullable: true),
                    acknowledged_at = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_recoveries", x => x.id);
                    table.CheckConstraint("ck_recoveries_two_people", "first_acknowledged_by IS NULL OR second_acknowledged_by IS NULL OR first_acknowledged_by <> second_acknowledged_by");
                    table.ForeignKey(
                        name: "fk_recoveries_identity_users_operator_id",
                        column: x => x.operator_id,
                        principalTable: "identity_users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "recovery_codes",
                columns: table => new
                {
                    operator_id = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    number = table.Column<int>(type: "INTEGER", nullable: false),
                    hash = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    used_at = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_recovery_codes", x => new { x.operator_id, x.number });
                    table.ForeignKey(
                        name: "fk_recovery_codes_identity_users_operator_id",
                        column: x => x.operator_id,
                        principalTable: "identity_users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "set_up_closings",
                columns: table => new
                {
                    id = table.Column<int>(type: "INTEGER", nullable: false),
                    closed_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_set_up_closings", x => x.id);
                    table.CheckConstraint("ck_set_up_closings_one_row", "id = 1");
                });

            migrationBuilder.CreateTable(
                name: "approval_decisions",
                columns: table => new
                {
                    request_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    checker_id = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    maker_id = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    verdict = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    digest = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    reason = table.Column<string>(type: "TEXT", maxLength: 500, nullable: true),
                    at = table.Column<long>(type: "INTEGER", nullable: false),
                    step_up_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_approval_decisions", x => new { x.request_id, x.checker_id });
                    table.CheckConstraint("ck_approval_decisions_maker_is_not_checker", "maker_id <> checker_id");
                    table.CheckConstraint("ck_approval_decisions_reject_reason", "verdict = 'Approve' OR reason IS NOT NULL");
                    table.ForeignKey(
                        name: "fk_approval_decisions_approval_requests_request_id_maker_id",
                        columns: x => new { x.request_id, x.maker_id },
                        principalTable: "approval_requests",
                        principalColumns: new[] { "id", "maker_id" },
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_approval_decisions_asp_net_users_checker_id",
                        column: x => x.checker_id,
                        principalTable: "identity_users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "approval_lines",
                columns: table => new
                {
                    request_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    number = table.Column<int>(type: "INTEGER", nullable: false),
                    subject_id = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    text = table.Column<string>(type: "TEXT", nullable: false),
                    hash = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_approval_lines", x => new { x.request_id, x.number });
                    table.ForeignKey(
                        name: "fk_approval_lines_approval_requests_request_id",
                        column: x => x.request_id,
                        principalTable: "approval_requests",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "notice_deliveries",
                columns: table => new
                {
                    notice_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    target = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    tries = table.Column<int>(type: "INTEGER", nullable: false),
                    next_try_at = table.Column<long>(type: "INTEGER", nullable: true),
                    delivered_at = table.Column<long>(type: "INTEGER", nullable: true),
                    given_up_at = table.Column<long>(type: "INTEGER", nullable: true),
                    last_fault = table.Column<string>(type: "TEXT", maxLength: 500, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_notice_deliveries", x => new { x.notice_id, x.target });
                    table.ForeignKey(
                        name: "fk_notice_deliveries_notices_notice_id",
                        column: x => x.notice_id,
                        principalTable: "notices",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "policy_rules",
                columns: table => new
                {
                    policy_number = table.Column<int>(type: "INTEGER", nullable: false),
                    number = table.Column<int>(type: "INTEGER", nullable: false),
                    measure = table.Column<string>(type: "TEXT", maxLength: 30, nullable: false),
                    currency = table.Column<string>(type: "TEXT", maxLength: 16, nullable: false),
                    provider = table.Column<string>(type: "TEXT", maxLength: 20, nullable: true),
                    provider_account_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    operator_id = table.Column<string>(type: "TEXT", maxLength: 100, nullable: true),
                    millionths = table.Column<long>(type: "INTEGER", nullable: false),
                    checkers = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_policy_rules", x => new { x.policy_number, x.number });
                    table.CheckConstraint("ck_policy_rules_amount", "millionths >= 0");
                    table.CheckConstraint("ck_policy_rules_checkers", "checkers BETWEEN 0 AND 2");
                    table.ForeignKey(
                        name: "fk_policy_rules_policies_policy_number",
                        column: x => x.policy_number,
                        principalTable: "policies",
                        principalColumn: "number",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "ix_withdrawals_approval_id",
                table: "withdrawals",
                column: "approval_id");

            migrationBuilder.CreateIndex(
                name: "ix_withdrawals_maker_id_currency_created_at",
                table: "withdrawals",
                columns: new[] { "maker_id", "currency", "created_at" });

            migrationBuilder.CreateIndex(
                name: "ix_withdrawals_provider_account_id_currency_created_at",
                table: "withdrawals",
                columns: new[] { "provider_account_id", "currency", "created_at" });

            migrationBuilder.CreateIndex(
                name: "ix_withdrawals_submission_number",
                table: "withdrawals",
                column: "submission_number",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_approval_decisions_checker_id",
                table: "approval_decisions",
                column: "checker_id");

            migrationBuilder.CreateIndex(
                name: "ix_approval_decisions_request_id_maker_id",
                table: "approval_decisions",
                columns: new[] { "request_id", "maker_id" });

            migrationBuilder.CreateIndex(
                name: "ix_approval_lines_subject_id",
                table: "approval_lines",
                column: "subject_id");

            migrationBuilder.CreateIndex(
                name: "ix_approval_requests_created_at",
                table: "approval_requests",
                column: "created_at");

            migrationBuilder.CreateIndex(
                name: "ix_approval_requests_kind_subject_id",
                table: "approval_requests",
                columns: new[] { "kind", "subject_id" });

            migrationBuilder.CreateIndex(
                name: "ix_approval_requests_maker_id",
                table: "approval_requests",
                column: "maker_id");

            migrationBuilder.CreateIndex(
                name: "ix_approval_requests_previous_id",
                table: "approval_requests",
                column: "previous_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_approval_requests_status_expires_at",
                table: "approval_requests",
                columns: new[] { "status", "expires_at" });

            migrationBuilder.CreateIndex(
                name: "ix_notice_deliveries_next_try_at",
                table: "notice_deliveries",
                column: "next_try_at");

            migrationBuilder.CreateIndex(
                name: "ix_notices_created_at",
                table: "notices",
                column: "created_at");

            migrationBuilder.CreateIndex(
                name: "ix_notices_deduplication_key",
                table: "notices",
                column: "deduplication_key",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_operator_invites_operator_id",
                table: "operator_invites",
                column: "operator_id");

            migrationBuilder.CreateIndex(
                name: "ix_operator_invites_token_hash",
                table: "operator_invites",
                column: "token_hash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_operator_sessions_operator_id_ended_at",
                table: "operator_sessions",
                columns: new[] { "operator_id", "ended_at" });

            migrationBuilder.CreateIndex(
                name: "ux_policies_one_active",
                table: "policies",
                column: "state",
                unique: true,
                filter: "state = 'Active'");

            migrationBuilder.CreateIndex(
                name: "ix_recoveries_operator_id",
                table: "recoveries",
                column: "operator_id");

            FourEyesRules.CreateForSqlite(migrationBuilder);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "approval_decisions");

            migrationBuilder.DropTable(
                name: "approval_lines");

            migrationBuilder.DropTable(
                name: "notice_deliveries");

            migrationBuilder.DropTable(
                name: "operator_invites");

            migrationBuilder.DropTable(
                name: "operator_sessions");

            migrationBuilder.DropTable(
                name: "policy_counters");

            migrationBuilder.DropTable(
                name: "policy_rules");

            migrationBuilder.DropTable(
                name: "recoveries");

            migrationBuilder.DropTable(
                name: "recovery_codes");

            migrationBuilder.DropTable(
                name: "set_up_closings");

            migrationBuilder.DropTable(
                name: "approval_requests");

            migrationBuilder.DropTable(
                name: "notices");

            migrationBuilder.DropTable(
                name: "policies");

            migrationBuilder.DropIndex(
                name: "ix_withdrawals_approval_id",
                table: "withdrawals");

            migrationBuilder.DropIndex(
                name: "ix_withdrawals_maker_id_currency_created_at",
                table: "withdrawals");

            migrationBuilder.DropIndex(
                name: "ix_withdrawals_provider_account_id_currency_created_at",
                table: "withdrawals");

            migrationBuilder.DropIndex(
                name: "ix_withdrawals_submission_number",
                table: "withdrawals");

            migrationBuilder.DropColumn(
                name: "approval_id",
                table: "withdrawals");

            migrationBuilder.DropColumn(
                name: "policy_number",
                table: "withdrawals");

            migrationBuilder.DropColumn(
                name: "required_checkers",
                table: "withdrawals");

            migrationBuilder.DropColumn(
                name: "submission_number",
                table: "withdrawals");

            migrationBuilder.DropColumn(
                name: "last_totp_step",
                table: "identity_users");

            migrationBuilder.DropColumn(
                name: "totp_secret",
                table: "identity_users");

            migrationBuilder.DropColumn(
                name: "two_factor_since",
                table: "identity_users");

            migrationBuilder.CreateIndex(
                name: "ix_withdrawals_maker_id",
                table: "withdrawals",
                column: "maker_id");
        }
    }
}
