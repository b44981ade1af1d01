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
        var sources = configuration.Sources;
        sources.Insert(0, BesideProgram("appsettings.json"));
        var name = $"appsettings.{environment}.json";
        var own = sources.OfType<JsonConfigurationSource>().FirstOrDefault(source => source.Path == name);
        // Just below the working directory's own file of that name, so above every appsettings.json.
        sources.Insert(own is null ? 1 : sources.IndexOf(own), BesideProgram(name));
    }

    private static JsonConfigurationSource BesideProgram(string file)
    {
        var source = new JsonConfigurationSource { Path = Path.Combine(AppContext.BaseDirectory, file), Optional = true };
        source.ResolveFileProvider();
        return source;
    }
}
