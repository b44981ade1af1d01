using System.Globalization;
using Bunit;
using CashoutConsole.Controls;
using CashoutConsole.Foundation;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;

namespace CashoutConsole.Tests.Controls;

/// <summary>Draws controls as an interactive server page would, in English, on a clock of the test's own.</summary>
public abstract class ControlTest : BunitContext
{
    protected ControlTest()
    {
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("en");
        Clock = new ManualClock();
        Services.AddLogging();
        Services.AddLocalization();
        Services.AddSingleton<TimeProvider>(Clock);
        Services.AddSingleton<AgeTicker>();
        Services.AddScoped<DisplayTime>();
        SetRendererInfo(new RendererInfo("Server", isInteractive: true));
        Dialog = JSInterop.SetupModule("./js/dialog.js");
        Dialog.SetupVoid("show", _ => true).SetVoidResult();
        Table = JSInterop.SetupModule("./js/table.js");
        Table.SetupVoid("attach", _ => true).SetVoidResult();
        Table.SetupVoid("detach", _ => true).SetVoidResult();
        Table.SetupVoid("reveal", _ => true).SetVoidResult();
    }

    internal ManualClock Clock { get; }

    protected BunitJSModuleInterop Dialog { get; }

    protected BunitJSModuleInterop Table { get; }

    protected IStringLocalizer<Strings> L => Services.GetRequiredService<IStringLocalizer<Strings>>();
}
