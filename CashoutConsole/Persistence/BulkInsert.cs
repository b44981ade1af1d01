using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace CashoutConsole.Persistence;

/// <summary>
/// Inserts many rows of one entity past the change tracker: one prepared statement in the current transaction, with the columns and
/// conversions of the model. For rows that are written once and by the thousand; navigations are not followed.
/// </summary>
public static class BulkInsert
{
    public static async Task InsertManyAsync<T>(this CashoutDbContext db, IEnumerable<T> rows, CancellationToken cancellation)
        where T : class
    {
        var entity = db.Model.FindEntityType(typeof(T)) ?? throw new InvalidOperationException($"{typeof(T).Name} is not in the model.");
        var table = StoreObjectIdentifier.Table(entity.GetTableName()!, entity.GetSchema());
        var helper = db.GetService<ISqlGenerationHelper>();
        var columns = entity.GetProperties().Select(property => new Column(property, property.GetColumnName(table)!, property.GetRelationalTypeMapping())).ToList();
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.Transaction = db.Database.CurrentTransaction?.GetDbTransaction();
        var names = string.Join(", ", columns.Select(column => helper.DelimitIdentifier(column.Name)));
        var values = string.Join(", ", columns.Select((_, index) => $"@p{index}"));
#pragma warning disable CA2100 // Names from the model; values are parameters.
        command.CommandText = $"INSERT INTO {helper.DelimitIdentifier(table.Name)} ({names}) VALUES ({values})";
#pragma warning restore CA2100
        var parameters = columns.Select((column, index) => column.Mapping.CreateParameter(command, $"@p{index}", null, nullable: true)).ToList();
        command.Parameters.AddRange(parameters.ToArray());
        var prepared = false;
        foreach (var row in rows)
        {
            for (var index = 0; index < columns.Count; index++)
            {
                parameters[index].Value = columns[index].ValueOf(row);
            }
            if (!prepared)
            {
                await command.PrepareAsync(cancellation);
                prepared = true;
            }
            await command.ExecuteNonQueryAsync(cancellation);
        }
    }

    private sealed record Column(IProperty Property, string Name, RelationalTypeMapping Mapping)
    {
        private readonly Func<object, object?> _read = ReaderOf(Property);

        public object ValueOf(object row)
        {
            var value = _read(row);
            return (value is null ? null : Mapping.Converter is { } converter ? converter.ConvertToProvider(value) : value) ?? DBNull.Value;
        }

        private static Func<object, object?> ReaderOf(IProperty property)
        {
            var getter = property.GetGetter();
            return getter.GetClrValue;
        }
    }
}
