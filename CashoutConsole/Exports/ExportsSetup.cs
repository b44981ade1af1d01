using System.Globalization;
using CashoutConsole.Audit.Application;
using CashoutConsole.Audit.Domain;
using CashoutConsole.Exports.Application;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Infrastructure;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Withdrawals.Application;
using CashoutConsole.Withdrawals.Domain;
using CashoutConsole.Withdrawals.Domain.Bulk;

namespace CashoutConsole.Exports;

public static class ExportsSetup
{
    public static IServiceCollection AddExports(this IServiceCollection services) => services
        .AddSingleton<ExportAuditCsv>()
        .AddSingleton<ExportWithdrawalsCsv>()
        .AddSingleton<ExportBatchCsv>();

    /// <summary>Downloads are plain GETs with the same query string as the page that links to them.</summary>
    public static WebApplication MapExports(this WebApplication app)
    {
        app.MapGet("/exports/audit.csv", static async (HttpContext context, ExportAuditCsv export) =>
            Answer(await export.ExecuteAsync(ActorOf(context), AuditFilterOf(context.Request.Query), context.RequestAborted), "audit")).RequireAuthorization();
        app.MapGet("/exports/withdrawals.csv", static async (HttpContext context, ExportWithdrawalsCsv export) =>
            Answer(await export.ExecuteAsync(ActorOf(context), WithdrawalFilterOf(context.Request.Query), context.RequestAborted), "withdrawals")).RequireAuthorization();
        app.MapGet("/exports/batch-template.csv", static () => Results.File(CsvTemplate.Content(), "text/csv; charset=utf-8", CsvTemplate.FileName)).RequireAuthorization();
        app.MapGet("/exports/batches/{id:guid}.csv", static async (HttpContext context, Guid id, ExportBatchCsv export) =>
        {
            var rows = BatchRowsOf(context.Request.Query);
            return Answer(await export.ExecuteAsync(ActorOf(context), new ExportBatchCsv.Query(id, rows), context.RequestAborted), $"batch-{id}-{rows.ToString().ToLowerInvariant()}");
        }).RequireAuthorization();
        return app;
    }

    public static BatchRows BatchRowsOf(IQueryCollection query) =>
        Enum.TryParse<BatchRows>(query["rows"], ignoreCase: true, out var rows) && Enum.IsDefined(rows) ? rows : BatchRows.All;

    public static AuditFilter AuditFilterOf(IQueryCollection query) => new()
    {
        From = Time(query["from"]),
        To = Time(query["to"]),
        Actor = query["actor"],
        Action = query["action"],
        SubjectType = query["subjectType"],
        Subject = query["subject"],
        Result = Enum.TryParse<AuditResult>(query["result"], ignoreCase: true, out var result) ? result : null,
    };

    public static WithdrawalFilter WithdrawalFilterOf(IQueryCollection query) => new()
    {
        Search = query["q"],
        Provider = Enum.TryParse<ProviderKind>(query["provider"], ignoreCase: true, out var provider) ? provider : null,
        ProviderAccountId = Guid.TryParse(query["providerAccount"], out var providerAccount) ? providerAccount : null,
        AccountId = Guid.TryParse(query["account"], out var account) ? account : null,
        Status = Enum.TryParse<WithdrawalStatus>(query["status"], ignoreCase: true, out var status) ? status : null,
        OpenOnly = query["open"] == "true",
        MakerId = query["maker"],
        Currency = query["currency"],
        From = Time(query["from"]),
        To = Time(query["to"]),
    };

    private static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    private static Actor ActorOf(HttpContext context) => CurrentActor.Of(context.User, context.Connection.RemoteIpAddress?.ToString());

    private static IResult Answer(Result<Func<Stream, CancellationToken, Task>> export, string name) => export.Match(
        write => Results.Stream(output => write(output, CancellationToken.None), "text/csv; charset=utf-8", $"{name}.csv"),
        error => Results.Problem(error.Code, statusCode: error.Is("Forbidden") ? StatusCodes.Status403Forbidden : StatusCodes.Status400BadRequest));
}
