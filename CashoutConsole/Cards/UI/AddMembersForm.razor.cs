using System.Text;
using CashoutConsole.Cards.Application;
using CashoutConsole.Controls;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Infrastructure;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;

namespace CashoutConsole.Cards.UI;

public sealed partial class AddMembersForm
{
    /// <summary>A thousand of the longest usernames, and still one message of the circuit.</summary>
    private const int MaxCharacters = AddMembers.MaxUsernames * (AddMembers.MaxUsernameLength + 1);

    private string _text = "";
    private bool _adding;
    private bool _fileFault;
    private Error? _error;
    private IReadOnlyList<AddMembers.Line>? _lines;

    [Inject]
    public required AddMembers Add { get; set; }

    [Inject]
    public required CurrentActor Current { get; set; }

    [Inject]
    public required ILogger<AddMembersForm> Log { get; set; }

    [Parameter, EditorRequired]
    public Guid ProviderAccountId { get; set; }

    private int NotAdded => _lines!.Count - Count(AddMembers.MemberResult.Added) - Count(AddMembers.MemberResult.AlreadyKnown);

    private static Tone ToneOf(AddMembers.MemberResult result) => result switch
    {
        AddMembers.MemberResult.Added => Tone.Success,
        AddMembers.MemberResult.AlreadyKnown => Tone.Neutral,
        AddMembers.MemberResult.NotAUsername or AddMembers.MemberResult.NotFound or AddMembers.MemberResult.CouldNotAsk => Tone.Danger,
    };

    private static string BadgeOf(AddMembers.MemberResult result) => result switch
    {
        AddMembers.MemberResult.Added => "Members_Added",
        AddMembers.MemberResult.AlreadyKnown => "Members_Result_AlreadyKnown",
        AddMembers.MemberResult.NotAUsername or AddMembers.MemberResult.NotFound or AddMembers.MemberResult.CouldNotAsk => "Members_NotAdded",
    };

    private int Count(AddMembers.MemberResult result) => _lines!.Count(line => line.Result == result);

    private async Task TakeFileAsync(InputFileChangeEventArgs args)
    {
        (_fileFault, _error) = (false, null);
        try
        {
            using var reader = new StreamReader(args.File.OpenReadStream(UsernameFile.MaxBytes), Encoding.UTF8);
            var names = UsernameFile.Read(await reader.ReadToEndAsync());
            _fileFault = names is null;
            if (names is null)
            {
                return;
            }
            if (names.Any(static name => CardNumbers.ContainsCardNumber(name)))
            {
                // Refused before it is shown: it must not even reach the page.
                _error = new Error("CardNumberInText");
                return;
            }
            _text = string.Join('\n', new[] { _text.Trim() }.Concat(names).Where(static line => line.Length > 0));
        }
        catch (IOException)
        {
            // Larger than allowed, or the browser gave up sending it.
            _fileFault = true;
        }
    }

    private async Task AddAsync()
    {
        if (_adding)
        {
            return;
        }
        (_adding, _error, _lines) = (true, null, null);
        try
        {
            var result = await Add.ExecuteAsync(await Current.GetAsync(), ProviderAccountId, _text, CancellationToken.None);
            if (result.IsSuccess)
            {
                _lines = result.Value;
                // What is left to correct stays in the field.
                _text = string.Join('\n', _lines.Where(static line => line.Result > AddMembers.MemberResult.AlreadyKnown).Select(static line => line.Username));
            }
            else
            {
                _error = result.Error;
            }
        }
        catch (Exception exception)
        {
            Log.LogError(exception, "Members could not be added to {ProviderAccount}", ProviderAccountId);
            _error = new Error("LoadFailed");
        }
        _adding = false;
    }
}
