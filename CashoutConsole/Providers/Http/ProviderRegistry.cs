using CashoutConsole.Providers.Contracts;
using Microsoft.Extensions.Configuration;

namespace CashoutConsole.Providers.Http;

/// <summary>
/// Reads Providers:{provider}:Accounts:{key} from the configuration and builds one adapter per provider account. Every fault of every
/// account is gathered before anything is refused, so that one start shows them all.
/// </summary>
public sealed class ProviderRegistry : IProviderRegistry
{
    private readonly Dictionary<string, IPayoutProvider> _providers = new(StringComparer.Ordinal);

    private readonly AllowedEndpoints _endpoints;

    private ProviderRegistry(OperatingMode mode, AllowedEndpoints endpoints)
    {
        Mode = mode;
        _endpoints = endpoints;
    }

    public OperatingMode Mode { get; }

    public IReadOnlyList<ProviderAccountDefinition> Definitions { get; private set; } = [];

    public IPayoutProvider? Find(string name) => _providers.GetValueOrDefault(name);

    /// <summary>Builds the registry, or returns null and fills <paramref name="faults"/> with one line per faulty key.</summary>
    public static ProviderRegistry? Build(
        IConfiguration configuration, OperatingMode mode, IReadOnlyList<IProviderModule> modules, ProviderEnvironment environment, List<string> faults,
        bool development = false)
    {
        var definitions = new List<ProviderAccountDefinition>();
        var before = faults.Count;
        var registry = new ProviderRegistry(mode, AllowedEndpoints.Read(configuration, mode, development, faults));
        foreach (var provider in configuration.GetSection("Providers").GetChildren().Where(static section => !AllowedEndpoints.IsSetting(section.Key)))
        {
            var module = modules.FirstOrDefault(candidate => string.Equals(candidate.Provider.ToString(), provider.Key, StringComparison.OrdinalIgnoreCase));
            if (module is null)
            {
                faults.Add($"{provider.Path}: no such provider; use one of {string.Join(", ", modules.Select(static m => m.Provider))}");
                continue;
            }
            foreach (var section in provider.GetSection("Accounts").GetChildren())
            {
                if (registry.Add(module, section, environment, faults) is { } definition)
                {
                    definitions.Add(definition);
                }
            }
        }
        foreach (var twins in definitions.GroupBy(static d => d.EndpointIdentity, StringComparer.Ordinal).Where(static group => group.Count() > 1))
        {
            faults.Add($"Providers: {string.Join(" and ", twins.Select(static d => d.Name))} are the same account at the same endpoint; keep one of them");
        }
        registry.Definitions = [.. definitions.OrderBy(static d => d.Provider).ThenBy(static d => d.Key, StringComparer.Ordinal)];
        return faults.Count == before ? registry : null;
    }

    private ProviderAccountDefinition? Add(IProviderModule module, IConfigurationSection section, ProviderEnvironment environment, List<string> faults)
    {
        var prefix = section.Path + ":";
        ProviderAccountSettings settings;
        try
        {
            settings = module.Bind(section);
        }
        catch (InvalidOperationException exception)
        {
            // The binder names the key and the value that does not convert, or a key that no setting has.
            faults.Add($"{prefix} {exception.Message} {exception.InnerException?.Message}".TrimEnd());
            return null;
        }
        var own = settings.Faults(prefix).ToList();
        if (section.Key.Any(static c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_')))
        {
            own.Add($"{prefix} name the account with letters, digits, '-' and '_' only");
        }
        if (own.Count == 0 && _endpoints.FaultOf(settings.Base) is { } forbidden)
        {
            own.Add($"{prefix}BaseUrl: {forbidden}");
        }
        faults.AddRange(own);
        if (own.Count > 0)
        {
            return null;
        }
        var name = $"{module.Provider}:{section.Key}";
        var adapter = module.Create(settings, environment);
        _providers.Add(name, adapter);
        return new ProviderAccountDefinition(
            module.Provider,
            section.Key,
            settings.DisplayName ?? section.Key,
            settings.Base.GetLeftPart(UriPartial.Authority),
            EndpointIdentity.Compute(module.Provider, settings.Base, settings.ClientIdentity, settings.SubAccount, Mode),
            adapter.Sheet);
    }
}
