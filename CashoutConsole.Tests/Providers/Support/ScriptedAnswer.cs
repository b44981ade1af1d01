using System.Globalization;
using System.Text;

namespace CashoutConsole.Tests.Providers.Support;

/// <summary>How a scripted answer ends the connection.</summary>
public enum Ending
{
    /// <summary>The connection stays open for the next request.</summary>
    KeepOpen,

    /// <summary>Orderly end of stream.</summary>
    Close,

    /// <summary>RST.</summary>
    Reset,

    /// <summary>Nothing more ever comes.</summary>
    Hang,
}

/// <summary>What the server does after it read a request: these bytes, then this ending. <see cref="Gate"/> holds the answer back.</summary>
public sealed record ScriptedAnswer(byte[] Bytes, Ending Ending, Task? Gate = null)
{
    public static readonly ScriptedAnswer Reset = new([], Ending.Reset);

    public static readonly ScriptedAnswer Close = new([], Ending.Close);

    public static readonly ScriptedAnswer Hang = new([], Ending.Hang);

    public static ScriptedAnswer Json(string body, int status = 200, params string[] headers) => Http(status, "application/json", body, headers);

    public static ScriptedAnswer Html(int status) => Http(status, "text/html", "<html><body>Bad Gateway</body></html>");

    public static ScriptedAnswer Http(int status, string contentType, string body, params string[] headers)
    {
        var payload = Encoding.UTF8.GetBytes(body);
        return new([.. Head(status, contentType, payload.Length, headers), .. payload], Ending.KeepOpen);
    }

    /// <summary>Promises the whole body and ends the connection half-way.</summary>
    public static ScriptedAnswer BrokenOff(string body, Ending ending = Ending.Close)
    {
        var payload = Encoding.UTF8.GetBytes(body);
        return new([.. Head(200, "application/json", payload.Length, []), .. payload.AsSpan(0, payload.Length / 2)], ending);
    }

    private static byte[] Head(int status, string contentType, int length, string[] headers)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {status} Scripted\r\nContent-Type: {contentType}\r\nContent-Length: {length}\r\n");
        foreach (var header in headers)
        {
            text.Append(header).Append("\r\n");
        }
        return Encoding.ASCII.GetBytes(text.Append("\r\n").ToString());
    }
}
