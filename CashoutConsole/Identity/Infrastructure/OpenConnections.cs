using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace CashoutConsole.Identity.Infrastructure;

/// <summary>How many connections one operator may hold open, over all browsers. Setting Site:MaxConnectionsPerOperator.</summary>
public sealed record ConnectionLimit(int PerOperator);

/// <summary>The connections that circuits run over, each with the person who opened it, so that they can be cut.</summary>
public sealed class OpenConnections(ConnectionLimit limit)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<OpenConnection>> _byOperator = new(StringComparer.Ordinal);

    /// <summary>Null when the operator has too many already. Dispose it when the connection has ended.</summary>
    public OpenConnection? TryOpen(string operatorId, HttpContext context)
    {
        lock (_gate)
        {
            var own = _byOperator.GetValueOrDefault(operatorId) ?? [];
            if (own.Count >= limit.PerOperator)
            {
                return null;
            }
            var opened = new OpenConnection(context, closed => Remove(operatorId, closed));
            own.Add(opened);
            _byOperator[operatorId] = own;
            return opened;
        }
    }

    /// <summary>All that are open, grouped by what their cookie says: one question to the database answers for the whole group.</summary>
    public IReadOnlyList<IGrouping<string, OpenConnection>> BySession()
    {
        lock (_gate)
        {
            return [.. _byOperator.Values.SelectMany(static own => own).GroupBy(static connection => connection.Session, StringComparer.Ordinal)];
        }
    }

    private void Remove(string operatorId, OpenConnection closed)
    {
        lock (_gate)
        {
            if (_byOperator.TryGetValue(operatorId, out var own) && own.Remove(closed) && own.Count == 0)
            {
                _byOperator.Remove(operatorId);
            }
        }
    }
}

/// <summary>One of them.</summary>
public sealed class OpenConnection : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Action<OpenConnection> _closed;
    private HttpContext? _context;

    internal OpenConnection(HttpContext context, Action<OpenConnection> closed)
    {
        _context = context;
        _closed = closed;
        Principal = context.User;
        Session = string.Join('\n', Principal.Claims.Select(static claim => $"{claim.Type}={claim.Value}").Order(StringComparer.Ordinal));
    }

    public ClaimsPrincipal Principal { get; }

    /// <summary>Every claim of the principal: equal for the pages of one sign-in.</summary>
    public string Session { get; }

    public void Abort()
    {
        // The server uses the context again for another request once this one has ended: an abort must not come after that.
        lock (_gate)
        {
            _context?.Abort();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _context = null;
        }
        _closed(this);
    }
}
