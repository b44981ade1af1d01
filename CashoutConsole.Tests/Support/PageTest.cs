using System.Security.Claims;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Infrastructure;
using CashoutConsole.Persistence;
using CashoutConsole.Tests.Controls;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace CashoutConsole.Tests.Support;

/// <summary>Draws pages over the real use cases, a real database and a provider whose answers the test sets.</summary>
public abstract class PageTest : ControlTest, IAsyncLifetime
{
    internal ConsoleRig Rig { get; private set; } = null!;

    public async Task InitializeAsync() => Rig = await ConsoleRig.StartAsync(DatabaseKind.Sqlite);

    async Task IAsyncLifetime.DisposeAsync()
    {
        await DisposeAsync();
        await Rig.DisposeAsync();
    }

    /// <summary>Who looks at the page, with which roles in the cookie. Use cases come from the rig, with its clock and database.</summary>
    protected void SignIn(Actor actor, params Role[] roles)
    {
        var claims = roles.Select(static role => new Claim(ClaimTypes.Role, role.ToString()))
            .Append(new Claim(ClaimTypes.NameIdentifier, actor.Id)).Append(new Claim(ClaimTypes.Name, actor.Name))
            .Append(new Claim(CurrentActor.SessionClaim, $"{actor.SessionId}"));
        var state = new AuthenticationState(new ClaimsPrincipal(new ClaimsIdentity(claims, "test")));
        Services.AddFallbackServiceProvider(new RigServices(Rig, new CurrentActor(new FixedState(state))));
        RenderTree.Add<CascadingValue<Task<AuthenticationState>>>(p => p.Add(c => c.Value, Task.FromResult(state)));
    }

    private sealed class RigServices(ConsoleRig rig, CurrentActor actor) : IServiceProvider
    {
        public object? GetService(Type serviceType) => serviceType == typeof(CurrentActor) ? actor : rig.Services.GetService(serviceType);
    }

    private sealed class FixedState(AuthenticationState state) : AuthenticationStateProvider
    {
        public override Task<AuthenticationState> GetAuthenticationStateAsync() => Task.FromResult(state);
    }
}
