using System.Globalization;
using System.Security.Claims;
using Bunit;
using CashoutConsole.Cards.Application;
using CashoutConsole.Cards.UI;
using CashoutConsole.Controls;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Application;
using CashoutConsole.Identity.Infrastructure;
using CashoutConsole.Persistence;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Withdrawals.Application;
using CashoutConsole.Withdrawals.Application.Bulk;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;

namespace CashoutConsole.Tests.Support;

/// <summary>Draws the pages around accounts over the real use cases on a database of the test's own, in English, as a signed-in operator's circuit would.</summary>
public abstract class AccountPageTest : BunitContext, IAsyncLifetime
{
    private readonly SignedIn _session = new();

    protected AccountPageTest()
    {
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("en");
        // A busy machine needs longer than the usual second for a real database.
        DefaultWaitTimeout = TimeSpan.FromSeconds(10);
    }

    protected ConsoleRig Rig { get; private set; } = null!;

    protected IStringLocalizer<Strings> L => Services.GetRequiredService<IStringLocalizer<Strings>>();

    protected NavigationManager Navigation => Services.GetRequiredService<NavigationManager>();

    protected virtual ProviderSheet Sheet => Sheets.Member;

    public async Task InitializeAsync()
    {
        Rig = await ConsoleRig.StartAsync(DatabaseKind.Sqlite, Sheet);
        Services.AddLogging();
        Services.AddLocalization();
        Services.AddSingleton<TimeProvider>(Rig.Clock);
        Services.AddSingleton<AgeTicker>();
        Services.AddScoped<DisplayTime>();
        Services.AddScoped<CurrentActor>();
        Share<ChangeFeed>();
        Share<ListAccounts>();
        Share<SumAccounts>();
        Share<ListAccountIds>();
        Share<SumSelection>();
        Share<ShowAccount>();
        Share<ListRefreshes>();
        Share<RefreshAccounts>();
        Share<RefreshAccount>();
        Share<AddMembers>();
        Share<ShowSubjectTrail>();
        Share<OpenDialog>();
        Share<JudgeEntry>();
        Share<ShowStepUp>();
        Share<StepUp>();
        Share<RequestWithdrawal>();
        Share<StartBatch>();
        Share<ListWithdrawals>();
        Share<IAccountActions>();
        Services.AddSingleton<AuthenticationStateProvider>(_session);
        // From here on nothing can be registered.
        SetRendererInfo(new RendererInfo("Server", isInteractive: true));
        JSInterop.Mode = JSRuntimeMode.Loose;
        SignIn(Rig.Treasury, Role.Treasury);
    }

    async Task IAsyncLifetime.DisposeAsync()
    {
        await DisposeAsync();
        await Rig.DisposeAsync();
    }

    /// <param name="claimed">The roles the session was issued with; the database may have taken them away since.</param>
    protected void SignIn(Actor actor, params Role[] claimed) => _session.User = new ClaimsPrincipal(new ClaimsIdentity(
        [new(ClaimTypes.NameIdentifier, actor.Id), new(ClaimTypes.Name, actor.Name), new(CurrentActor.SessionClaim, $"{actor.SessionId}"), .. claimed.Select(static role => new Claim(ClaimTypes.Role, role.ToString()))], "test"));

    private void Share<T>()
        where T : class => Services.AddSingleton(Rig.Get<T>());

    private sealed class SignedIn : AuthenticationStateProvider
    {
        public ClaimsPrincipal User { get; set; } = new();

        public override Task<AuthenticationState> GetAuthenticationStateAsync() => Task.FromResult(new AuthenticationState(User));
    }
}
