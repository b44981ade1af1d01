using Microsoft.Extensions.Configuration.Json;

namespace CashoutConsole;

/// <summary>
/// Adds the settings files that were copied beside the program, below everything else, so that the console finds them from any
/// working directory and the environment, user secrets and the command line still win.
/// </summary>
internal static class ConfigurationFiles
{
    public static void AddTo(IConfigurationBuilder configuration, string environment)
    {
        string[] files = [$"appsettings.{environment}.json", "appsettings.json"];
        foreach (var file in files)
        {
            var source = new JsonConfigurationSource { Path = Path.Combine(AppContext.BaseDirectory, file), Optional = true };
            source.ResolveFileProvider();
            configuration.Sources.Insert(0, source);
        }
    }
}
