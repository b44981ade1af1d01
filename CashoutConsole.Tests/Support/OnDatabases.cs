using System.Reflection;
using CashoutConsole.Persistence;
using Xunit.Sdk;

namespace CashoutConsole.Tests.Support;

/// <summary>Runs a theory on SQLite: the first argument is the kind, the rest are the given ones.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class OnSqliteAttribute(params object?[] more) : DataAttribute
{
    public override IEnumerable<object?[]> GetData(MethodInfo testMethod) => [[DatabaseKind.Sqlite, .. more]];
}

/// <summary>Runs a theory on PostgreSQL, or skips it and says why.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class OnPostgresAttribute : DataAttribute
{
    private readonly object?[] _more;

    public OnPostgresAttribute(params object?[] more)
    {
        _more = more;
        Skip = PostgresServer.WhyUnavailable;
    }

    public override IEnumerable<object?[]> GetData(MethodInfo testMethod) => [[DatabaseKind.Postgres, .. _more]];
}
