using CashoutConsole.Controls;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Infrastructure;
using CashoutConsole.Withdrawals.Application.Bulk;
using CashoutConsole.Withdrawals.Domain.Bulk;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;

namespace CashoutConsole.Withdrawals.UI.Bulk;

public sealed partial class BatchUploadPage
{
    private Guid _batchId = Guid.NewGuid();
    private int _input;
    private string _title = "";
    private bool? _mayRequest;
    private bool _sending;
    private IBrowserFile? _file;
    private Error? _error;

    [Inject]
    public required UploadBatch Upload { get; set; }

    [Inject]
    public required CurrentActor Current { get; set; }

    [Inject]
    public required NavigationManager Navigation { get; set; }

    [Inject]
    public required ILogger<BatchUploadPage> Log { get; set; }

    private string? WhyNot => _mayRequest == false ? L["Reason_NotAllowed"].Value : _sending ? L["Upload_Checking"].Value : null;

    protected override async Task OnInitializedAsync() => _mayRequest = await Current.IsOfferedAsync(Permission.RequestWithdrawals);

    private void Take(InputFileChangeEventArgs args)
    {
        // Known before a byte is sent: a file that is too large is not read at all.
        _error = args.File.Size > CsvFile.MaxBytes ? new Error("CsvTooLarge", CsvFile.MaxBytes / 1024m / 1024m) : null;
        _file = _error is null ? args.File : null;
    }

    private async Task SendAsync()
    {
        if (_sending || _mayRequest != true)
        {
            return;
        }
        if (_file is not { } file)
        {
            _error ??= new Error("FileMissing");
            return;
        }
        (_sending, _error) = (true, null);
        try
        {
            await using var stream = file.OpenReadStream(CsvFile.MaxBytes);
            var result = await Upload.ExecuteAsync(await Current.GetAsync(), new UploadBatch.Command(_batchId, stream, _title), CancellationToken.None);
            if (result.IsSuccess)
            {
                Navigation.NavigateTo($"/batches/{result.Value}");
                return;
            }
            _error = result.Error;
        }
        catch (IOException)
        {
            // The browser gave up sending it.
            _error = new Error("FileNotSent");
        }
        catch (Exception exception)
        {
            Log.LogError(exception, "A file could not be uploaded.");
            _error = new Error("LoadFailed");
        }
        // A file is sent once by the browser; after a fault it is chosen again, perhaps corrected.
        (_sending, _file, _batchId) = (false, null, Guid.NewGuid());
        _input++;
    }
}
