using CashoutConsole.Foundation;
using CashoutConsole.Identity.Domain;
using CashoutConsole.Withdrawals.Domain.Bulk;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CashoutConsole.Persistence;

// Batches and their items. What needs a trigger stands in BulkRules.

internal sealed class BatchConfiguration : IEntityTypeConfiguration<Batch>
{
    public void Configure(EntityTypeBuilder<Batch> entity)
    {
        entity.Property(x => x.Id).ValueGeneratedNever();
        entity.Property(x => x.Title).HasMaxLength(Batch.MaxTitleLength);
        entity.Property(x => x.MakerId).HasMaxLength(100);
        entity.Property(x => x.Reason).HasMaxLength(TextRules.MaxReasonLength);
        entity.Property(x => x.PausedBy).HasMaxLength(100);
        entity.Property(x => x.PauseReason).HasMaxLength(TextRules.MaxReasonLength);
        entity.Property(x => x.Version).IsConcurrencyToken();
        entity.HasIndex(x => x.CreatedAt);
        entity.HasIndex(x => x.State);
        entity.HasIndex(x => x.ApprovalId);
        entity.HasOne<Operator>().WithMany().HasForeignKey(x => x.MakerId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<Batch>().WithMany().HasForeignKey(x => x.PreviousId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class BatchItemConfiguration : IEntityTypeConfiguration<BatchItem>
{
    public void Configure(EntityTypeBuilder<BatchItem> entity)
    {
        entity.HasKey(x => new { x.BatchId, x.Number });
        entity.Property(x => x.Typed).HasMaxLength(8000);
        entity.Property(x => x.CellFaults).HasMaxLength(8000);
        entity.Property(x => x.ClientReference).HasMaxLength(BatchItem.MaxReferenceLength);
        entity.Property(x => x.Note).HasMaxLength(TextRules.MaxReasonLength);
        entity.Property(x => x.Fingerprint).HasMaxLength(64);
        entity.Property(x => x.LeftOutCode).HasMaxLength(40);
        entity.Property(x => x.LeftOutText).HasMaxLength(2000);
        entity.Property(x => x.PauseCode).HasMaxLength(40);
        entity.HasIndex(x => x.Fingerprint);
        entity.HasIndex(x => new { x.BatchId, x.AccountId });
        entity.HasOne<Batch>().WithMany().HasForeignKey(x => x.BatchId).OnDelete(DeleteBehavior.Restrict);
    }
}
