using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace CashoutConsole.E2E.PageModels;

/// <summary>The upload of a file and its rows with faults, by the names that people see.</summary>
public sealed partial class UploadScreen(IPage page, string url)
{
    /// <summary>Chooses the file as a person does and waits until every row is checked and every balance read.</summary>
    public async Task SendAsync(string name, byte[] content, string title)
    {
        await page.GotoAsync(url + "/batches/upload");
        await page.WaitForCircuitAsync();
        await page.GetByLabel("Name (optional)").FillAsync(title);
        await page.Locator("input[type=file]").SetInputFilesAsync(new FilePayload { Name = name, MimeType = "text/csv", Buffer = content });
        await page.Locator(".drop-taken").GetByText(name, new() { Exact = false }).WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Check the file" }).ClickAsync();
        await page.WaitForURLAsync(OfABatch());
        await PreviewAsync();
    }

    public Task SendAsync(string name, string content, string title) => SendAsync(name, Encoding.UTF8.GetBytes(content), title);

    /// <summary>The balances are read and the plan is made.</summary>
    public Task PreviewAsync() => page.Locator("#batch-reason").WaitForAsync(new() { Timeout = 120_000 });

    public ILocator Cell(int line, string column) => page.GetByLabel($"Line {line}, {column}", new() { Exact = true });

    /// <summary>What stands below the cell.</summary>
    public ILocator FaultAt(int line, string column) => page.Locator($"td:has(input[aria-label='Line {line}, {column}']) .field-error");

    /// <summary>Types over a cell: when the row is right, it leaves the list of faults, and the plan is made anew.</summary>
    public async Task FixAsync(int line, string column, string text)
    {
        await Cell(line, column).FillAsync(text);
        await Cell(line, column).PressAsync("Tab");
        await Assertions.Expect(Cell(line, column)).ToHaveCountAsync(0);
        await PreviewAsync();
    }

    public async Task ContinueWithoutFaultsAsync()
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Continue without these rows" }).ClickAsync();
        await Assertions.Expect(page.GetByText("0 rows with faults")).ToBeVisibleAsync();
    }

    /// <summary>Clicks a download of the batch and reads the file.</summary>
    public async Task<string> DownloadAsync(string link)
    {
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Group, new() { Name = "Download as CSV" }).GetByRole(AriaRole.Link, new() { Name = link }).ClickAsync());
        return await File.ReadAllTextAsync(await download.PathAsync());
    }

    [GeneratedRegex("/batches/[0-9a-f]{8}-[0-9a-f-]{27}$")]
    private static partial Regex OfABatch();
}
