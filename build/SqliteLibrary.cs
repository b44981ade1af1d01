using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace CashoutConsole.Build;

/// <summary>
/// Makes Microsoft.Data.Sqlite 10 run on SQLitePCLRaw 2.0.6, the only version that the package feed serves, and prefers the
/// distribution's patched SQLite library over the older one bundled with that package.
/// Remove when SQLitePCLRaw.bundle_e_sqlite3 2.1.11 or newer restores.
/// </summary>
internal static class SqliteLibrary
{
    private const string Core = "SQLitePCLRaw.core";
    private const string Provider = "SQLitePCLRaw.provider.e_sqlite3";

    [ModuleInitializer]
#pragma warning disable CA2255 // A module initialiser is the one place that runs before dotnet-ef, test hosts and the console alike.
    internal static void Prepare()
#pragma warning restore CA2255
    {
        AssemblyLoadContext.Default.Resolving += static (context, name) => name.Name == Core ? LoadBesideProgram(context) : null;
        AppDomain.CurrentDomain.AssemblyLoad += static (_, loaded) =>
        {
            if (loaded.LoadedAssembly.GetName().Name == Provider)
            {
                PreferSystemLibrary(loaded.LoadedAssembly);
            }
        };
    }

    private static Assembly? LoadBesideProgram(AssemblyLoadContext context)
    {
        var path = Path.Combine(AppContext.BaseDirectory, Core + ".dll");
        return File.Exists(path) ? context.LoadFromAssemblyPath(path) : null;
    }

    private static void PreferSystemLibrary(Assembly provider)
    {
        try
        {
            NativeLibrary.SetDllImportResolver(provider, static (name, _, _) =>
                name == "e_sqlite3" && NativeLibrary.TryLoad("libsqlite3.so.0", out var handle) ? handle : IntPtr.Zero);
        }
        catch (InvalidOperationException)
        {
            // Another assembly of this process (a test host beside the console) has already set the same resolver.
        }
    }
}
