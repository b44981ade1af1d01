using System.Security.Claims;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Infrastructure;
using CashoutConsole.Persistence;
using CashoutConsole.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;

namespace CashoutConsole.Tests.Identity;

/// <summary>Which open connections are cut, and when.</summary>
public sealed class OpenConnectionTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    [Theory, OnSqlite, OnPostgres]
    public async Task Only_the_connections_of_operators_who_no_longer_stand_are_cut(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var open = new OpenConnections(new ConnectionLimit(5));
        using var closer = Closer(rig, open);
        var treasury = await OpenAsync(rig, open, rig.Treasury.Id, times: 2);
        var supervisor = await OpenAsync(rig, open, rig.Supervisor.Id);
        var auditor = await OpenAsync(rig, open, rig.Auditor.Id);
        Assert.Equal(0, await closer.CloseStaleAsync(CancellationToken.None));

        await rig.DisableAsync(rig.Treasury);
        await rig.ChangeAsync(db => db.OperatorRoles.Where(r => r.OperatorId == rig.Supervisor.Id).ExecuteDeleteAsync());

        Assert.Equal(3, await closer.CloseStaleAsync(CancellationToken.None));
        Assert.All(treasury.Concat(supervisor), static line => Assert.True(line.IsAborted));
        Assert.All(auditor, static line => Assert.False(line.IsAborted));
    }

    [Theory, OnSqlite]
    public async Task A_change_that_this_process_made_cuts_at_once_and_any_other_within_the_interval(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var open = new OpenConnections(new ConnectionLimit(5));
        using var closer = Closer(rig, open);
        await closer.StartAsync(CancellationToken.None);
        var told = Assert.Single(await OpenAsync(rig, open, rig.Treasury.Id));
        var untold = Assert.Single(await OpenAsync(rig, open, rig.Supervisor.Id));

        // The clock stands still: only what is told can wake the closer.
        await rig.DisableAsync(rig.Treasury);
        rig.Get<ChangeFeed>().Publish(new Change(ChangeKind.Operator));
        await told.Aborted.WaitAsync(Patience);
        Assert.False(untold.IsAborted);

        await rig.DisableAsync(rig.Supervisor);
        rig.Clock.Advance(ConnectionCloser.Interval);
        await untold.Aborted.WaitAsync(Patience);
        await closer.StopAsync(CancellationToken.None);
    }

    [Fact]
    public void A_connection_that_ended_frees_its_place_and_is_never_cut()
    {
        var open = new OpenConnections(new ConnectionLimit(1));
        var line = new Line();
        var first = open.TryOpen("op", Context("op", line));
        Assert.NotNull(first);
        Assert.Null(open.TryOpen("op", Context("op", new Line())));
        Assert.NotNull(open.TryOpen("other", Context("other", new Line())));

        first.Dispose();
        first.Abort();

        Assert.False(line.IsAborted);
        Assert.NotNull(open.TryOpen("op", Context("op", new Line())));
        Assert.Equal(2, open.BySession().Count);
    }

    private static ConnectionCloser Closer(ConsoleRig rig, OpenConnections open) =>
        new(open, rig.Get<SessionCheck>(), rig.Get<ChangeFeed>(), rig.Clock, NullLogger<ConnectionCloser>.Instance);

    private static async Task<List<Line>> OpenAsync(ConsoleRig rig, OpenConnections open, string operatorId, int times = 1)
    {
        var person = await rig.QueryAsync(db => db.Users.AsNoTracking().Include(static u => u.Roles).SingleAsync(u => u.Id == operatorId));
        var session = await rig.QueryAsync(db => db.OperatorSessions.Where(s => s.OperatorId == operatorId).Select(static s => s.Id).FirstAsync());
        var lines = new List<Line>();
        for (var i = 0; i < times; i++)
        {
            var line = new Line();
            var context = Context(operatorId, line);
            context.User = OperatorPrincipal.Of(person, session);
            Assert.NotNull(open.TryOpen(operatorId, context));
            lines.Add(line);
        }
        return lines;
    }

    private static DefaultHttpContext Context(string operatorId, Line line)
    {
        var context = new DefaultHttpContext { User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, operatorId)], "test")) };
        context.Features.Set<IHttpRequestLifetimeFeature>(line);
        return context;
    }

    /// <summary>Stands for the socket.</summary>
    private sealed class Line : IHttpRequestLifetimeFeature
    {
        private readonly TaskCompletionSource _aborted = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public CancellationToken RequestAborted { get; set; }

        public Task Aborted => _aborted.Task;

        public bool IsAborted => _aborted.Task.IsCompleted;

        public void Abort() => _aborted.TrySetResult();
    }
}
