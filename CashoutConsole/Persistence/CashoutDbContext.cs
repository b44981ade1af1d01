using CashoutConsole.Approvals.Domain;
using CashoutConsole.Audit.Domain;
using CashoutConsole.Cards.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Domain;
using CashoutConsole.Notices.Domain;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Providers.Domain;
using CashoutConsole.Withdrawals.Domain;
using CashoutConsole.Withdrawals.Domain.Bulk;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Persistence;

/// <summary>
/// The one model. Two databases derive from it (<see cref="SqliteCashoutDbContext"/>, <see cref="PostgresCashoutDbContext"/>), each with
/// its own migrations. Times are UTC microseconds since 1970 and money is millionths, both 64-bit integers, so that both databases sum
/// and sort alike. Enums are text.
/// </summary>
public abstract class CashoutDbContext(DbContextOptions options) : IdentityUserContext<Operator>(options)
{
    public DbSet<Installation> Installations => Set<Installation>();

    public DbSet<OperatorRole> OperatorRoles => Set<OperatorRole>();

    public DbSet<OperatorSession> OperatorSessions => Set<OperatorSession>();

    public DbSet<OperatorInvite> OperatorInvites => Set<OperatorInvite>();

    public DbSet<RecoveryCode> RecoveryCodes => Set<RecoveryCode>();

    public DbSet<SetUpClosing> SetUpClosings => Set<SetUpClosing>();

    public DbSet<Recovery> Recoveries => Set<Recovery>();

    public DbSet<AuditEntry> AuditEntries => Set<AuditEntry>();

    public DbSet<AuditHead> AuditHeads => Set<AuditHead>();

    public DbSet<ProviderAccount> ProviderAccounts => Set<ProviderAccount>();

    public DbSet<ProviderAccountBalance> ProviderAccountBalances => Set<ProviderAccountBalance>();

    public DbSet<CooldownClock> CooldownClocks => Set<CooldownClock>();

    public DbSet<SenderLease> SenderLeases => Set<SenderLease>();

    public DbSet<SendingStop> SendingStops => Set<SendingStop>();

    public DbSet<ApprovalRequest> ApprovalRequests => Set<ApprovalRequest>();

    public DbSet<ApprovalLine> ApprovalLines => Set<ApprovalLine>();

    public DbSet<ApprovalDecision> ApprovalDecisions => Set<ApprovalDecision>();

    public DbSet<Policy> Policies => Set<Policy>();

    public DbSet<PolicyRule> PolicyRules => Set<PolicyRule>();

    public DbSet<PolicyCounter> PolicyCounters => Set<PolicyCounter>();

    public DbSet<Account> Accounts => Set<Account>();

    public DbSet<AccountCard> AccountCards => Set<AccountCard>();

    public DbSet<Withdrawal> Withdrawals => Set<Withdrawal>();

    public DbSet<StatusChange> StatusChanges => Set<StatusChange>();

    public DbSet<Attempt> Attempts => Set<Attempt>();

    public DbSet<Break> Breaks => Set<Break>();

    public DbSet<Batch> Batches => Set<Batch>();

    public DbSet<BatchItem> BatchItems => Set<BatchItem>();

    public DbSet<Notice> Notices => Set<Notice>();

    public DbSet<NoticeDelivery> NoticeDeliveries => Set<NoticeDelivery>();

    protected override Version SchemaVersion => IdentitySchemaVersions.Version3;

    protected override void ConfigureConventions(ModelConfigurationBuilder conventions)
    {
        conventions.Properties<DateTimeOffset>().HaveConversion<UnixMicrosecondsConverter>();
        conventions.Properties<ActorKind>().HaveConversion<string>().HaveMaxLength(20);
        conventions.Properties<AuditResult>().HaveConversion<string>().HaveMaxLength(20);
        conventions.Properties<Role>().HaveConversion<string>().HaveMaxLength(20);
        conventions.Properties<OperatingMode>().HaveConversion<string>().HaveMaxLength(20);
        conventions.Properties<ProviderKind>().HaveConversion<string>().HaveMaxLength(20);
        conventions.Properties<ProviderAccountState>().HaveConversion<string>().HaveMaxLength(30);
        conventions.Properties<ProviderFaultKind>().HaveConversion<string>().HaveMaxLength(30);
        conventions.Properties<AccountKind>().HaveConversion<string>().HaveMaxLength(20);
        conventions.Properties<AccountStatus>().HaveConversion<string>().HaveMaxLength(20);
        conventions.Properties<BalanceKind>().HaveConversion<string>().HaveMaxLength(20);
        conventions.Properties<WithdrawalMode>().HaveConversion<string>().HaveMaxLength(20);
        conventions.Properties<WithdrawalStatus>().HaveConversion<string>().HaveMaxLength(20);
        conventions.Properties<AttemptState>().HaveConversion<string>().HaveMaxLength(20);
        conventions.Properties<AttemptKind>().HaveConversion<string>().HaveMaxLength(20);
        conventions.Properties<ApprovalKind>().HaveConversion<string>().HaveMaxLength(20);
        conventions.Properties<ApprovalStatus>().HaveConversion<string>().HaveMaxLength(20);
        conventions.Properties<Verdict>().HaveConversion<string>().HaveMaxLength(20);
        conventions.Properties<PolicyMeasure>().HaveConversion<string>().HaveMaxLength(30);
        conventions.Properties<PolicyState>().HaveConversion<string>().HaveMaxLength(20);
        conventions.Properties<NoticeKind>().HaveConversion<string>().HaveMaxLength(30);
        conventions.Properties<BatchSource>().HaveConversion<string>().HaveMaxLength(20);
        conventions.Properties<BatchState>().HaveConversion<string>().HaveMaxLength(20);
        conventions.Properties<BatchItemState>().HaveConversion<string>().HaveMaxLength(20);
        conventions.Properties<BulkAmountKind>().HaveConversion<string>().HaveMaxLength(20);
        conventions.Properties<BreakKind>().HaveConversion<string>().HaveMaxLength(40);
    }

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.ApplyConfigurationsFromAssembly(typeof(CashoutDbContext).Assembly);
        SnakeCase.Apply(builder);
    }
}
