using CashoutConsole.Approvals.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Domain;
using CashoutConsole.Notices.Domain;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CashoutConsole.Persistence;

// Approvals, policies, sessions and notices. What needs a trigger stands in FourEyesRules.

internal sealed class ApprovalRequestConfiguration : IEntityTypeConfiguration<ApprovalRequest>
{
    public void Configure(EntityTypeBuilder<ApprovalRequest> entity)
    {
        entity.Property(x => x.SubjectId).HasMaxLength(100);
        entity.Property(x => x.MakerId).HasMaxLength(100);
        entity.Property(x => x.Reason).HasMaxLength(TextRules.MaxReasonLength);
        entity.Property(x => x.Digest).HasMaxLength(64);
        entity.Property(x => x.Version).IsConcurrencyToken();
        entity.HasIndex(x => new { x.Status, x.ExpiresAt });
        entity.HasIndex(x => new { x.Kind, x.SubjectId });
        entity.HasIndex(x => x.CreatedAt);
        // What a decision refers to: the request together with its maker.
        entity.HasAlternateKey(x => new { x.Id, x.MakerId });
        // A rejected request is followed up once.
        entity.HasIndex(x => x.PreviousId).IsUnique();
        entity.ToTable(static table =>
        {
            table.HasCheckConstraint("ck_approval_requests_checkers", "required_checkers BETWEEN 1 AND 2");
            table.HasCheckConstraint("ck_approval_requests_closed", "(closed_at IS NOT NULL) = (status <> 'Pending')");
        });
        entity.HasOne<Operator>().WithMany().HasForeignKey(x => x.MakerId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<ApprovalRequest>().WithMany().HasForeignKey(x => x.PreviousId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class ApprovalLineConfiguration : IEntityTypeConfiguration<ApprovalLine>
{
    public void Configure(EntityTypeBuilder<ApprovalLine> entity)
    {
        entity.HasKey(x => new { x.RequestId, x.Number });
        entity.Property(x => x.SubjectId).HasMaxLength(100);
        entity.Property(x => x.Hash).HasMaxLength(64);
        entity.HasIndex(x => x.SubjectId);
        entity.HasOne<ApprovalRequest>().WithMany().HasForeignKey(x => x.RequestId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class ApprovalDecisionConfiguration : IEntityTypeConfiguration<ApprovalDecision>
{
    public void Configure(EntityTypeBuilder<ApprovalDecision> entity)
    {
        // One decision per checker, and never by the maker: the pair (request, maker) is the request's own.
        entity.HasKey(x => new { x.RequestId, x.CheckerId });
        entity.Property(x => x.CheckerId).HasMaxLength(100);
        entity.Property(x => x.MakerId).HasMaxLength(100);
        entity.Property(x => x.Digest).HasMaxLength(64);
        entity.Property(x => x.Reason).HasMaxLength(TextRules.MaxReasonLength);
        entity.ToTable(static table =>
        {
            table.HasCheckConstraint("ck_approval_decisions_maker_is_not_checker", "maker_id <> checker_id");
            table.HasCheckConstraint("ck_approval_decisions_reject_reason", "verdict = 'Approve' OR reason IS NOT NULL");
        });
        entity.HasOne<ApprovalRequest>().WithMany().HasForeignKey(x => new { x.RequestId, x.MakerId }).HasPrincipalKey(x => new { x.Id, x.MakerId }).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<Operator>().WithMany().HasForeignKey(x => x.CheckerId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class PolicyConfiguration : IEntityTypeConfiguration<Policy>
{
    public void Configure(EntityTypeBuilder<Policy> entity)
    {
        entity.HasKey(x => x.Number);
        entity.Property(x => x.Number).ValueGeneratedNever();
        entity.Property(x => x.MakerId).HasMaxLength(100);
        entity.Property(x => x.Reason).HasMaxLength(TextRules.MaxReasonLength);
        entity.Property(x => x.TimeZone).HasMaxLength(60);
        entity.HasIndex(x => x.State, "ux_policies_one_active").IsUnique().HasFilter("state = 'Active'");
        entity.HasMany(x => x.Rules).WithOne().HasForeignKey(x => x.PolicyNumber).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class PolicyRuleConfiguration : IEntityTypeConfiguration<PolicyRule>
{
    public void Configure(EntityTypeBuilder<PolicyRule> entity)
    {
        entity.HasKey(x => new { x.PolicyNumber, x.Number });
        entity.Property(x => x.Currency).HasMaxLength(CurrencyCode.MaxLength);
        entity.Property(x => x.OperatorId).HasMaxLength(100);
        entity.ToTable(static table =>
        {
            table.HasCheckConstraint("ck_policy_rules_amount", "millionths >= 0");
            table.HasCheckConstraint("ck_policy_rules_checkers", "checkers BETWEEN 0 AND 2");
        });
    }
}

internal sealed class PolicyCounterConfiguration : IEntityTypeConfiguration<PolicyCounter>
{
    public void Configure(EntityTypeBuilder<PolicyCounter> entity)
    {
        entity.HasKey(x => new { x.Scope, x.ScopeId, x.Currency });
        entity.Property(x => x.Scope).HasMaxLength(20);
        entity.Property(x => x.ScopeId).HasMaxLength(100);
        entity.Property(x => x.Currency).HasMaxLength(CurrencyCode.MaxLength);
    }
}

internal sealed class OperatorSessionConfiguration : IEntityTypeConfiguration<OperatorSession>
{
    public void Configure(EntityTypeBuilder<OperatorSession> entity)
    {
        entity.Property(x => x.OperatorId).HasMaxLength(100);
        entity.Property(x => x.RemoteAddress).HasMaxLength(64);
        entity.Property(x => x.UserAgent).HasMaxLength(300);
        entity.HasIndex(x => new { x.OperatorId, x.EndedAt });
        entity.HasOne<Operator>().WithMany().HasForeignKey(x => x.OperatorId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class OperatorInviteConfiguration : IEntityTypeConfiguration<OperatorInvite>
{
    public void Configure(EntityTypeBuilder<OperatorInvite> entity)
    {
        entity.Property(x => x.OperatorId).HasMaxLength(100);
        entity.Property(x => x.TokenHash).HasMaxLength(64);
        entity.Property(x => x.CreatedBy).HasMaxLength(100);
        entity.HasIndex(x => x.TokenHash).IsUnique();
        entity.HasOne<Operator>().WithMany().HasForeignKey(x => x.OperatorId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class RecoveryCodeConfiguration : IEntityTypeConfiguration<RecoveryCode>
{
    public void Configure(EntityTypeBuilder<RecoveryCode> entity)
    {
        entity.HasKey(x => new { x.OperatorId, x.Number });
        entity.Property(x => x.OperatorId).HasMaxLength(100);
        entity.Property(x => x.Hash).HasMaxLength(64);
        entity.HasOne<Operator>().WithMany().HasForeignKey(x => x.OperatorId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class SetUpClosingConfiguration : IEntityTypeConfiguration<SetUpClosing>
{
    public void Configure(EntityTypeBuilder<SetUpClosing> entity)
    {
        entity.Property(x => x.Id).ValueGeneratedNever();
        entity.ToTable(static table => table.HasCheckConstraint("ck_set_up_closings_one_row", $"id = {SetUpClosing.OnlyId}"));
    }
}

internal sealed class RecoveryConfiguration : IEntityTypeConfiguration<Recovery>
{
    public void Configure(EntityTypeBuilder<Recovery> entity)
    {
        entity.Property(x => x.OperatorId).HasMaxLength(100);
        entity.Property(x => x.FirstAcknowledgedBy).HasMaxLength(100);
        entity.Property(x => x.SecondAcknowledgedBy).HasMaxLength(100);
        entity.ToTable(static table => table.HasCheckConstraint("ck_recoveries_two_people", "first_acknowledged_by IS NULL OR second_acknowledged_by IS NULL OR first_acknowledged_by <> second_acknowledged_by"));
        entity.HasOne<Operator>().WithMany().HasForeignKey(x => x.OperatorId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class NoticeConfiguration : IEntityTypeConfiguration<Notice>
{
    public void Configure(EntityTypeBuilder<Notice> entity)
    {
        entity.Property(x => x.SubjectId).HasMaxLength(100);
        entity.Property(x => x.DeduplicationKey).HasMaxLength(200);
        entity.HasIndex(x => x.DeduplicationKey).IsUnique();
        entity.HasIndex(x => x.CreatedAt);
        entity.HasMany(x => x.Deliveries).WithOne().HasForeignKey(x => x.NoticeId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class NoticeDeliveryConfiguration : IEntityTypeConfiguration<NoticeDelivery>
{
    public void Configure(EntityTypeBuilder<NoticeDelivery> entity)
    {
        entity.HasKey(x => new { x.NoticeId, x.Target });
        entity.Property(x => x.Target).HasMaxLength(60);
        entity.Property(x => x.LastFault).HasMaxLength(500);
        entity.HasIndex(x => x.NextTryAt);
    }
}
