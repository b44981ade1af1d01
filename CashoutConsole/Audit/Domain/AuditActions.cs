namespace CashoutConsole.Audit.Domain;

/// <summary>Every action that goes on record, by its stable name. Resource key "Audit_{name with dots as underscores}".</summary>
public static class AuditActions
{
    public const string SystemStarted = "system.started";
    public const string SystemStopped = "system.stopped";
    public const string DatabaseCreated = "database.created";
    public const string SignedIn = "operator.signed-in";
    public const string SignInRefused = "operator.sign-in-refused";
    public const string SignedOut = "operator.signed-out";
    public const string PasswordAccepted = "operator.password-accepted";
    public const string TwoFactorSetUp = "operator.two-factor-set-up";
    public const string RecoveryCodesMade = "operator.recovery-codes-made";
    public const string RecoveryCodeUsed = "operator.recovery-code-used";
    public const string SteppedUp = "operator.stepped-up";
    public const string StepUpRefused = "operator.step-up-refused";
    public const string SessionEnded = "session.ended";
    public const string OperatorCreated = "operator.created";
    public const string OperatorInvited = "operator.invited";
    public const string OperatorActivated = "operator.activated";
    public const string InviteRefused = "operator.invite-refused";
    public const string OperatorRolesChanged = "operator.roles-changed";
    public const string OperatorDisabled = "operator.disabled";
    public const string OperatorEnabled = "operator.enabled";
    public const string OperatorReset = "operator.reset";
    public const string SignedOutEverywhere = "operator.signed-out-everywhere";
    public const string OperatorRecovered = "operator.recovered";
    public const string RecoveryAcknowledged = "operator.recovery-acknowledged";
    public const string SetUpClosed = "set-up.closed";
    public const string PermissionRefused = "permission.refused";
    public const string ProviderAccountAdded = "provider-account.added";
    public const string ProviderAccountPaused = "provider-account.paused";
    public const string AccountsRefreshed = "accounts.refreshed";
    public const string MemberAdded = "member.added";
    public const string WithdrawalRequested = "withdrawal.requested";
    public const string WithdrawalCancelled = "withdrawal.cancelled";
    public const string WithdrawalSending = "withdrawal.sending";
    public const string WithdrawalReplayed = "withdrawal.replayed";
    public const string WithdrawalRescheduled = "withdrawal.rescheduled";
    public const string WithdrawalAccepted = "withdrawal.accepted";
    public const string WithdrawalOutcomeUnknown = "withdrawal.outcome-unknown";
    public const string WithdrawalSucceeded = "withdrawal.succeeded";
    public const string WithdrawalFailed = "withdrawal.failed";
    public const string WithdrawalNotSent = "withdrawal.not-sent";
    public const string WithdrawalRejected = "withdrawal.rejected";
    public const string WithdrawalExpired = "withdrawal.expired";
    public const string WithdrawalApproved = "withdrawal.approved";
    public const string BatchStarted = "batch.started";
    public const string BatchChanged = "batch.changed";
    public const string BatchDiscarded = "batch.discarded";
    public const string BatchSubmitted = "batch.submitted";
    public const string BatchPaused = "batch.paused";
    public const string BatchResumed = "batch.resumed";
    public const string BatchCancelled = "batch.cancelled";
    public const string PlanPaused = "plan.paused";
    public const string PlanRenewed = "plan.renewed";
    public const string ApprovalRequested = "approval.requested";
    public const string ApprovalApproved = "approval.approved";
    public const string ApprovalRejected = "approval.rejected";
    public const string ApprovalRecalled = "approval.recalled";
    public const string ApprovalExpired = "approval.expired";
    public const string ApprovalRefused = "approval.refused";
    public const string PolicyProposed = "policy.proposed";
    public const string PolicyActivated = "policy.activated";
    public const string PolicyDeclined = "policy.declined";
    public const string ProviderAccountConfirmed = "provider-account.confirmed";
    public const string BreakOpened = "break.opened";
    public const string SendingStopped = "sending.stopped";
    public const string ResumeProposed = "sending.resume-proposed";
    public const string SendingResumed = "sending.resumed";
    public const string NoticeCreated = "notice.created";
    public const string NoticeGivenUp = "notice.given-up";
    public const string NoticeRetried = "notice.retried";
    public const string WithdrawalsExported = "withdrawals.exported";
    public const string AuditExported = "audit.exported";
    public const string AuditVerified = "audit.verified";

    public static IReadOnlyList<string> All { get; } =
    [
        .. typeof(AuditActions).GetFields().Where(static field => field.IsLiteral).Select(static field => (string)field.GetRawConstantValue()!),
    ];
}
