using CashoutConsole.Notices.Domain;

namespace CashoutConsole.Notices.Application;

/// <summary>Settings of the section Notices.</summary>
public sealed class NoticeOptions
{
    /// <summary>As long as the column that stores it.</summary>
    private const int MaxNameLength = 60;

    /// <summary>An outcome that is unknown for longer than this is told.</summary>
    public double UnknownAfterMinutes { get; set; } = 30;

    /// <summary>Where people reach the console, for links in texts; null = no links.</summary>
    public string? PublicBaseUrl { get; set; }

    /// <summary>Who is told, by a name of the operator's choice. None = nobody is, and nothing is written.</summary>
    public Dictionary<string, NoticeTarget> Targets { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    public TimeSpan UnknownAfter => TimeSpan.FromMinutes(UnknownAfterMinutes);

    public IEnumerable<string> TargetsFor(NoticeKind kind) => Targets.Where(target => target.Value.Wants(kind)).Select(static target => target.Key);

    /// <param name="development">Allows plain http to other machines.</param>
    public IEnumerable<string> Faults(bool development)
    {
        if (UnknownAfterMinutes is not (> 0 and <= 7 * 24 * 60))
        {
            yield return "Notices:UnknownAfterMinutes: set a number above 0 and up to 10080";
        }
        if (!string.IsNullOrWhiteSpace(PublicBaseUrl) && FaultOf(PublicBaseUrl, plainAllowed: true) is { } fault)
        {
            yield return $"Notices:PublicBaseUrl: {fault}";
        }
        foreach (var (name, target) in Targets)
        {
            if (name.Length > MaxNameLength || !name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            {
                yield return $"Notices:Targets:{name}: a name has up to {MaxNameLength} letters, digits, hyphens and underscores";
            }
            foreach (var line in target.Faults(development))
            {
                yield return $"Notices:Targets:{name}:{line}";
            }
        }
    }

    /// <summary>Null = fine. Never quotes the address: a chat tool's address is its secret.</summary>
    internal static string? FaultOf(string? address, bool plainAllowed)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var url) || (url.Scheme != Uri.UriSchemeHttps && url.Scheme != Uri.UriSchemeHttp))
        {
            return "set an address that begins with https://";
        }
        if (url.UserInfo.Length > 0)
        {
            return "an address with a user name or password is refused";
        }
        return url.Scheme == Uri.UriSchemeHttp && !plainAllowed && !url.IsLoopback ? "http is for this machine only; set an address that begins with https://" : null;
    }
}

/// <summary>How a target wants to be told.</summary>
public enum NoticeFormat
{
    /// <summary>The notice's JSON, signed.</summary>
    Json,

    /// <summary>{"text": "…"}, as chat tools take it.</summary>
    Text,
}

/// <summary>One webhook that is told. Not a record: nothing may print its secret.</summary>
public sealed class NoticeTarget
{
    private const int MinSecretLength = 16;

    public string? Url { get; set; }

    public NoticeFormat Format { get; set; }

    /// <summary>Signs every notice. Needed for Json.</summary>
    public string? Secret { get; set; }

    /// <summary>Empty = all.</summary>
    public List<NoticeKind> Kinds { get; set; } = [];

    /// <summary>All that pages and logs may show of the address.</summary>
    public string Host => new Uri(Url!).Authority;

    public bool Wants(NoticeKind kind) => Kinds.Count == 0 || Kinds.Contains(kind);

    internal IEnumerable<string> Faults(bool development)
    {
        if (NoticeOptions.FaultOf(Url, plainAllowed: development) is { } fault)
        {
            yield return $"Url: {fault}";
        }
        if (!Enum.IsDefined(Format))
        {
            yield return $"Format: set one of {string.Join(", ", Enum.GetNames<NoticeFormat>())}";
        }
        if (string.IsNullOrWhiteSpace(Secret) ? Format == NoticeFormat.Json : Secret.Length < MinSecretLength)
        {
            yield return $"Secret: set at least {MinSecretLength} characters; the receiver checks the signature with it";
        }
        if (Kinds.Exists(static kind => !Enum.IsDefined(kind) || kind == NoticeKind.Test))
        {
            yield return $"Kinds: set some of {string.Join(", ", Enum.GetNames<NoticeKind>().Where(static name => name != nameof(NoticeKind.Test)))}, or leave it out for all";
        }
    }
}
