namespace CashoutConsole.Withdrawals.Domain;

/// <summary>Why a withdrawal waits or ended as it did. Resource key "Reason_{code}".</summary>
public static class ReasonCodes
{
    // Waiting, AwaitingApproval or still Scheduled.
    public const string WaitingForApproval = "WaitingForApproval";
    public const string WaitingForSender = "WaitingForSender";
    public const string Cooldown = "Cooldown";
    public const string SendingStopped = "SendingStopped";
    public const string AnotherIsLive = "AnotherIsLive";
    public const string UnknownHoldsProvider = "UnknownHoldsProvider";
    public const string ProviderUnreachable = "ProviderUnreachable";
    public const string ProviderTryLater = "ProviderTryLater";
    public const string ReadingFailed = "ReadingFailed";
    public const string LeaseTooOld = "LeaseTooOld";
    public const string BatchPaused = "BatchPaused";
    public const string PlanPaused = "PlanPaused";
    public const string DriftTooLarge = "DriftTooLarge";
    public const string EarlierLegOpen = "EarlierLegOpen";
    public const string EarlierLegFailed = "EarlierLegFailed";
    public const string CooldownRefused = "CooldownRefused";

    // NotSent: our own check refused.
    public const string WrongEndpoint = "WrongEndpoint";
    public const string ProviderNotConfigured = "ProviderNotConfigured";
    public const string MakerNotAllowed = "MakerNotAllowed";
    public const string AccountNotWithdrawable = "AccountNotWithdrawable";
    public const string BalanceTooLow = "BalanceTooLow";
    public const string NothingLeft = "NothingLeft";
    public const string BalanceAboveCap = "BalanceAboveCap";
    public const string CurrencyChanged = "CurrencyChanged";
    public const string OutsideSheet = "OutsideSheet";
    public const string PolicyUnknown = "PolicyUnknown";
    public const string LimitReached = "LimitReached";
    public const string NativeAllNotAllowed = "NativeAllNotAllowed";
    public const string ApprovalMissing = "ApprovalMissing";
    public const string ApprovalMismatch = "ApprovalMismatch";
    public const string ApprovalTooOld = "ApprovalTooOld";
    public const string CheckerNotAllowed = "CheckerNotAllowed";
    public const string AccountFrozen = "AccountFrozen";

    // Final, cancelled, expired.
    public const string CancelledByOperator = "CancelledByOperator";
    public const string RejectedByChecker = "RejectedByChecker";
    public const string NotDecidedInTime = "NotDecidedInTime";
    public const string TooOld = "TooOld";
    public const string RefusedByProvider = "RefusedByProvider";
    public const string FailedAtProvider = "FailedAtProvider";
    public const string ConfirmedByAnswer = "ConfirmedByAnswer";
    public const string ConfirmedByLookup = "ConfirmedByLookup";

    // Processing, OutcomeUnknown.
    public const string AcceptedByProvider = "AcceptedByProvider";
    public const string AnswerLost = "AnswerLost";
    public const string AnswerUnclear = "AnswerUnclear";
    public const string RefusedAfterUnknown = "RefusedAfterUnknown";
    public const string RestartedWhileSending = "RestartedWhileSending";
    public const string ProcessingTooLong = "ProcessingTooLong";
    public const string ProviderForgot = "ProviderForgot";
    public const string NeedsPerson = "NeedsPerson";

    public static IReadOnlyList<string> All { get; } =
    [
        .. typeof(ReasonCodes).GetFields().Where(static field => field.IsLiteral).Select(static field => (string)field.GetRawConstantValue()!),
    ];
}
