using CashoutConsole.Notices.Application;
using CashoutConsole.Notices.Infrastructure;

namespace CashoutConsole.Notices;

public static class NoticesSetup
{
    public static IServiceCollection AddNotices(this IServiceCollection services, NoticeOptions options) => services
        .AddSingleton(options)
        .AddSingleton<NoticeWriter>()
        .AddSingleton<ListNotices>()
        .AddSingleton<CountLostNotices>()
        .AddSingleton<RetryNotices>()
        .AddSingleton<SendTestNotice>()
        .AddSingleton<NoticeSender>()
        .AddHostedService<NoticeLoop>();
}
