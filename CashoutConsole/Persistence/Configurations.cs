using CashoutConsole.Audit.Domain;
using CashoutConsole.Cards.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Domain;
using CashoutConsole.Providers.Domain;
using CashoutConsole.Withdrawals.Domain;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CashoutConsole.Persistence;

// Keys, lengths, indexes and the constraints behind the rules that the domain states. What needs a trigger stands in SchemaRules.

internal sealed class InstallationConfiguration : IEntityTypeConfiguration<Installation>
{
    public void Configure(EntityTypeBuilder<Installation> entity)
    {
        entity.Property(x => x.Id).ValueGeneratedNever();
        entity.ToTable(table => table.HasCheckConstraint("ck_installations_one_row", $"id = {Installation.OnlyId}"));
    }
}

internal sealed class OperatorConfiguration : IEntityTypeConfiguration<Operator>
{
    public void Configure(EntityTypeBuilder<Operator> entity)
    {
        entity.Property(x => x.DisplayName).HasMaxLength(Operator.MaxNameLength);
        entity.HasMany(x => x.Roles).WithOne().HasForeignKey(x => x.OperatorId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class OperatorRoleConfiguration : IEntityTypeConfiguration<OperatorRole>
{
    public void Configure(EntityTypeBuilder<OperatorRole> entity) => entity.HasKey(x => new { x.OperatorId, x.Role });
}

internal sealed class AuditEntryConfiguration : IEntityTypeConfiguration<AuditEntry>
{
    public void Configure(EntityTypeBuilder<AuditEntry> entity)
    {
        entity.HasKey(x => x.Sequence);
        entity.Property(x => x.Sequence).ValueGeneratedNever();
        entity.Property(x => x.ActorId).HasMaxLength(100);
        entity.Property(x => x.ActorName).HasMaxLength(200);
        entity.Property(x => x.OnBehalfOf).HasMaxLength(100);
        entity.Property(x => x.RemoteAddress).HasMaxLength(64);
        entity.Property(x => x.Action).HasMaxLength(64);
        entity.Property(x => x.SubjectType).HasMaxLength(32);
        entity.Property(x => x.SubjectId).HasMaxLength(200);
        entity.Property(x => x.CorrelationId).HasMaxLength(64);
        entity.HasIndex(x => x.At);
        entity.HasIndex(x => new { x.SubjectType, x.SubjectId, x.Sequence });
        entity.HasIndex(x => new { x.CorrelationId, x.Sequence });
        entity.HasIndex(x => new { x.ActorId, x.Sequence });
        entity.HasIndex(x => new { x.Action, x.Sequence });
    }
}

internal sealed class AuditHeadConfiguration : IEntityTypeConfiguration<AuditHead>
{
    public void Configure(EntityTypeBuilder<AuditHead> entity)
    {
        entity.ToTable("audit_head", table => table.HasCheckConstraint("ck_audit_head_one_row", $"id = {AuditHead.OnlyId}"));
        entity.Property(x => x.Id).ValueGeneratedNever();
        // A stale head is refused, so that two writers can never extend the same link.
        entity.Property(x => x.Sequence).IsConcurrencyToken();
    }
}

internal sealed class ProviderAccountConfiguration : IEntityTypeConfiguration<ProviderAccount>
{
    public void Configure(EntityTypeBuilder<ProviderAccount> entity)
    {
        entity.Property(x => x.Name).HasMaxLength(80);
        entity.HasIndex(x => x.Name).IsUnique();
        entity.Property(x => x.DisplayName).HasMaxLength(100);
        entity.Property(x => x.Origin).HasMaxLength(300);
        entity.Property(x => x.EndpointIdentity).HasMaxLength(64);
        entity.Property(x => x.RefreshFaultText).HasMaxLength(2000);
        entity.HasMany(x => x.OwnBalances).WithOne().HasForeignKey(x => x.ProviderAccountId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class ProviderAccountBalanceConfiguration : IEntityTypeConfiguration<ProviderAccountBalance>
{
    public void Configure(EntityTypeBuilder<ProviderAccountBalance> entity)
    {
        entity.HasKey(x => new { x.ProviderAccountId, x.Currency });
        entity.Property(x => x.Currency).HasMaxLength(CurrencyCode.MaxLength);
    }
}

internal sealed class CooldownClockConfiguration : IEntityTypeConfiguration<CooldownClock>
{
    public void Configure(EntityTypeBuilder<CooldownClock> entity)
    {
        entity.HasKey(x => x.ScopeId);
        entity.Property(x => x.ScopeId).ValueGeneratedNever();
    }
}

internal sealed class SenderLeaseConfiguration : IEntityTypeConfiguration<SenderLease>
{
    public void Configure(EntityTypeBuilder<SenderLease> entity)
    {
        entity.HasKey(x => x.ProviderAccountId);
        entity.Property(x => x.ProviderAccountId).ValueGeneratedNever();
        entity.Property(x => x.Holder).HasMaxLength(100);
        entity.Property(x => x.Fence).IsConcurrencyToken();
        entity.HasOne<ProviderAccount>().WithOne().HasForeignKey<SenderLease>(x => x.ProviderAccountId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class SendingStopConfiguration : IEntityTypeConfiguration<SendingStop>
{
    public void Configure(EntityTypeBuilder<SendingStop> entity)
    {
        entity.HasKey(x => x.ScopeId);
        entity.Property(x => x.ScopeId).ValueGeneratedNever();
        entity.Property(x => x.Reason).HasMaxLength(500);
        entity.Property(x => x.StoppedBy).HasMaxLength(100);
        entity.Property(x => x.ResumeProposedBy).HasMaxLength(100);
        entity.Property(x => x.Version).IsConcurrencyToken();
    }
}

internal sealed class AccountConfiguration : IEntityTypeConfiguration<Account>
{
    public void Configure(EntityTypeBuilder<Account> entity)
    {
        entity.Property(x => x.ExternalId).HasMaxLength(200);
        entity.HasIndex(x => new { x.ProviderAccountId, x.ExternalId }).IsUnique();
        entity.Property(x => x.RawStatus).HasMaxLength(60);
        entity.Property(x => x.Currency).HasMaxLength(CurrencyCode.MaxLength);
        entity.Property(x => x.MaskedNumber).HasMaxLength(40);
        entity.Property(x => x.DisplayName).HasMaxLength(200);
        entity.Property(x => x.Holder).HasMaxLength(200);
        entity.Property(x => x.Source).HasMaxLength(20);
        entity.Property(x => x.Version).IsConcurrencyToken();
        entity.HasIndex(x => new { x.Currency, x.BalanceMillionths });
        entity.HasIndex(x => x.BalanceMillionths);
        entity.HasOne<ProviderAccount>().WithMany().HasForeignKey(x => x.ProviderAccountId).OnDelete(DeleteBehavior.Restrict);
        entity.HasMany(x => x.Cards).WithOne().HasForeignKey(x => x.AccountId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class AccountCardConfiguration : IEntityTypeConfiguration<AccountCard>
{
    public void Configure(EntityTypeBuilder<AccountCard> entity)
    {
        entity.HasKey(x => new { x.AccountId, x.ExternalId });
        entity.Property(x => x.ExternalId).HasMaxLength(200);
        entity.Property(x => x.MaskedNumber).HasMaxLength(40);
        entity.Property(x => x.RawStatus).HasMaxLength(60);
        entity.Property(x => x.Label).HasMaxLength(200);
        entity.HasIndex(x => x.ExternalId);
    }
}

internal sealed class WithdrawalConfiguration : IEntityTypeConfiguration<Withdrawal>
{
    public void Configure(EntityTypeBuilder<Withdrawal> entity)
    {
        entity.Property(x => x.Version).IsConcurrencyToken();
        entity.Property(x => x.EndpointIdentity).HasMaxLength(64);
        entity.Property(x => x.ExternalAccountId).HasMaxLength(200);
        entity.Property(x => x.Currency).HasMaxLength(CurrencyCode.MaxLength);
        entity.Property(x => x.IdempotencyKey).HasMaxLength(64);
        entity.Property(x => x.MakerId).HasMaxLength(100);
        entity.Property(x => x.Reason).HasMaxLength(Withdrawal.MaxReasonLength);
        entity.Property(x => x.ReasonCode).HasMaxLength(40);
        entity.Property(x => x.ProviderText).HasMaxLength(2000);
        entity.Property(x => x.ProviderReference).HasMaxLength(200);
        entity.Property(x => x.LastCheckNote).HasMaxLength(4000);
        entity.Property(x => x.ClaimedBy).HasMaxLength(200);
        entity.HasIndex(x => x.CommandId).IsUnique();
        entity.HasIndex(x => x.SubmissionNumber).IsUnique();
        entity.HasIndex(x => x.ApprovalId);
        // The running totals are summed from these alone, with every send.
        entity.HasIndex(x => new { x.MakerId, x.Currency, x.CreatedAt, x.SubmissionNumber, x.Status, x.SettledMillionths, x.AmountMillionths }, "ix_withdrawals_maker_totals");
        entity.HasIndex(x => new { x.ProviderAccountId, x.Currency, x.CreatedAt, x.SubmissionNumber, x.Status, x.SettledMillionths, x.AmountMillionths }, "ix_withdrawals_provider_totals");
        entity.HasIndex(x => x.IdempotencyKey).IsUnique();
        entity.HasIndex(x => new { x.ProviderAccountId, x.Status, x.NotBefore });
        entity.HasIndex(x => new { x.Status, x.NextCheckAt });
        entity.HasIndex(x => new { x.AccountId, x.CreatedAt });
        entity.HasIndex(x => x.CreatedAt);
        entity.HasIndex(x => new { x.BatchId, x.BatchItem, x.Leg }).IsUnique();
        // At most one live withdrawal per account, whatever any code does.
        entity.HasIndex(x => x.AccountId, "ux_withdrawals_one_live_per_account").IsUnique()
            .HasFilter("status IN ('Sending', 'Processing', 'OutcomeUnknown')");
        entity.ToTable(table =>
        {
            table.HasCheckConstraint("ck_withdrawals_amount_positive", "amount_millionths > 0");
            table.HasCheckConstraint("ck_withdrawals_final_time", "(final_at IS NOT NULL) = (status IN ('Succeeded', 'Failed', 'NotSent', 'Rejected', 'Expired', 'Cancelled'))");
        });
        entity.HasOne<Account>().WithMany().HasForeignKey(x => x.AccountId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<ProviderAccount>().WithMany().HasForeignKey(x => x.ProviderAccountId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<Operator>().WithMany().HasForeignKey(x => x.MakerId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class StatusChangeConfiguration : IEntityTypeConfiguration<StatusChange>
{
    public void Configure(EntityTypeBuilder<StatusChange> entity)
    {
        entity.HasKey(x => new { x.WithdrawalId, x.Number });
        entity.Property(x => x.ActorId).HasMaxLength(100);
        entity.Property(x => x.ActorName).HasMaxLength(200);
        entity.Property(x => x.ReasonCode).HasMaxLength(40);
        entity.Property(x => x.Evidence).HasMaxLength(4000);
        entity.HasOne<Withdrawal>().WithMany().HasForeignKey(x => x.WithdrawalId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class AttemptConfiguration : IEntityTypeConfiguration<Attempt>
{
    public void Configure(EntityTypeBuilder<Attempt> entity)
    {
        entity.HasKey(x => new { x.WithdrawalId, x.Number });
        entity.Property(x => x.IdempotencyKey).HasMaxLength(64);
        entity.Property(x => x.CanonicalBody).HasMaxLength(4000);
        entity.Property(x => x.BodyHash).HasMaxLength(64);
        entity.Property(x => x.EndpointIdentity).HasMaxLength(64);
        entity.Property(x => x.Sender).HasMaxLength(200);
        entity.Property(x => x.Outcome).HasMaxLength(60);
        entity.Property(x => x.AnswerDigest).HasMaxLength(64);
        entity.Property(x => x.AnswerText).HasMaxLength(2000);
        entity.HasOne<Withdrawal>().WithMany().HasForeignKey(x => x.WithdrawalId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class BreakConfiguration : IEntityTypeConfiguration<Break>
{
    public void Configure(EntityTypeBuilder<Break> entity)
    {
        entity.Property(x => x.Detail).HasMaxLength(4000);
        entity.Property(x => x.OwnerId).HasMaxLength(100);
        entity.Property(x => x.Resolution).HasMaxLength(4000);
        entity.HasIndex(x => new { x.AccountId, x.ResolvedAt });
        entity.HasOne<Withdrawal>().WithMany().HasForeignKey(x => x.WithdrawalId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<Account>().WithMany().HasForeignKey(x => x.AccountId).OnDelete(DeleteBehavior.Restrict);
    }
}
