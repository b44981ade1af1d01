using Microsoft.AspNetCore.Components;

namespace CashoutConsole.Shell;

/// <summary>What the frame shows beyond itself. Set once at start, in Program.cs.</summary>
public sealed class ShellOptions
{
    private readonly List<Type> _topBar = [];
    private readonly List<Type> _notices = [];

    /// <summary>Every page carries the rehearsal mark.</summary>
    public bool IsRehearsal { get; set; }

    /// <summary>Components in the top bar of every page, such as the one that stops sending.</summary>
    public IReadOnlyList<Type> TopBar => _topBar;

    /// <summary>Components above the content of every page, each showing itself when it has something to say.</summary>
    public IReadOnlyList<Type> Notices => _notices;

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
}
