using Microsoft.AspNetCore.Components;

namespace CashoutConsole.Shell;

/// <summary>What the frame shows beyond itself. Set once at start, in Program.cs.</summary>
public sealed class ShellOptions
{
    private readonly List<Type> _topBar = [];
    private readonly List<Type> _notices = [];
    private readonly Dictionary<string, Type> _navigation = new(StringComparer.Ordinal);

    /// <summary>Every page carries the rehearsal mark.</summary>
    public bool IsRehearsal { get; set; }

    /// <summary>Components in the top bar of every page, such as the one that stops sending.</summary>
    public IReadOnlyList<Type> TopBar => _topBar;

    /// <summary>Components above the content of every page, each showing itself when it has something to say.</summary>
    public IReadOnlyList<Type> Notices => _notices;

    /// <summary>By address: a component behind the title of a navigation entry, such as a count that asks for attention.</summary>
    public IReadOnlyDictionary<string, Type> Navigation => _navigation;

    public ShellOptions AddToTopBar<TComponent>()
        where TComponent : IComponent
    {
        _topBar.Add(typeof(TComponent));
        return this;
    }

    public ShellOptions AddNotice<TComponent>()
        where TComponent : IComponent
    {
        _notices.Add(typeof(TComponent));
        return this;
    }

    /// <param name="href">The entry's address.</param>
    public ShellOptions AddToNavigation<TComponent>(string href)
        where TComponent : IComponent
    {
        _navigation[href] = typeof(TComponent);
        return this;
    }
}
