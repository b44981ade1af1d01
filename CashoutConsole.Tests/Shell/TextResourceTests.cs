using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using CashoutConsole.Controls;
using CashoutConsole.Foundation;
using CashoutConsole.Notices.Application;
using CashoutConsole.Notices.Domain;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Shell;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;

namespace CashoutConsole.Tests.Shell;

public sealed partial class TextResourceTests
{
    private static readonly string Sources = Path.Combine(TestsFolder(), "..", "CashoutConsole");
    private static readonly IReadOnlyList<(string Key, string Text)> English = Read("Strings.resx");
    private static readonly IReadOnlyList<(string Key, string Text)> Chinese = Read("Strings.zh-Hans.resx");

    [Theory]
    [InlineData("en", "Withdrawals", "Treasury")]
    [InlineData("zh-Hans", "提现", "资金操作员")]
    [InlineData("zh-CN", "提现", "资金操作员")]
    [InlineData("fr", "Withdrawals", "Treasury")]
    public void Every_floor_gets_its_texts_in_the_language_of_the_operator(string culture, string withdrawals, string treasury)
    {
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(culture);
        var texts = Localizer();
        Assert.Equal(withdrawals, texts["Nav_Withdrawals"]);
        Assert.Equal(treasury, texts.NameOf(Role.Treasury));
    }

    [Fact]
    public void Both_languages_have_the_same_keys_sorted_and_without_empty_texts()
    {
        Assert.Equal(English.Select(static text => text.Key), Chinese.Select(static text => text.Key), StringComparer.Ordinal);
        Assert.Equal(English.Select(static text => text.Key).Order(StringComparer.Ordinal).Distinct(StringComparer.Ordinal), English.Select(static text => text.Key), StringComparer.Ordinal);
        Assert.DoesNotContain(English.Concat(Chinese), static text => string.IsNullOrWhiteSpace(text.Text));
    }

    [Fact]
    public void Placeholders_agree_between_the_languages()
    {
        foreach (var (english, chinese) in English.Zip(Chinese))
        {
            Assert.True(
                Placeholders(english.Text).SetEquals(Placeholders(chinese.Text)),
                $"{english.Key}: '{english.Text}' and '{chinese.Text}' have different placeholders");
        }
    }

    [Fact]
    public void Every_key_that_code_or_markup_names_exists()
    {
        var known = English.Select(static text => text.Key).ToHashSet(StringComparer.Ordinal);
        var missing = Directory.EnumerateFiles(Sources, "*.*", SearchOption.AllDirectories)
            .Where(static file => file.EndsWith(".razor", StringComparison.Ordinal) || file.EndsWith(".cs", StringComparison.Ordinal))
            .Where(static file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .SelectMany(file => UsedKey().Matches(File.ReadAllText(file)).Select(match => (File: Path.GetFileName(file), Key: match.Groups["key"].Value)))
            .Where(use => !known.Contains(use.Key));
        Assert.Empty(missing);
    }

    [Fact]
    public void Every_term_of_the_model_has_a_name()
    {
        var texts = Localizer();
        string[] keys =
        [
            .. Names<Role>("Role"), .. Names<Permission>("Permission"), .. Names<ProviderFaultKind>("Fault"), .. Names<AccountStatus>("AccountStatus"),
            .. Names<AccountKind>("AccountKind"), .. Names<BalanceKind>("BalanceKind"), .. Names<ProviderKind>("Provider"),
            .. Names<NoticeKind>("NoticeKind"), .. Names<NoticeFormat>("NoticeFormat"), .. DeliveryFault.Codes.Select(static code => $"DeliveryFault_{code}"),
            .. NavItems.Groups.Select(static group => group.TitleKey), .. NavItems.Groups.SelectMany(static group => group.Items).Select(static item => item.TitleKey),
        ];
        Assert.DoesNotContain(keys, key => texts[key].ResourceNotFound);
    }

    [Fact]
    public void An_error_without_a_text_of_its_own_shows_the_general_one()
    {
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("en");
        var texts = Localizer();
        Assert.Equal("At most 40 characters.", texts.TextOf(new Error("TooLong", 40)));
        Assert.Equal(texts["Error_Unexpected"], texts.TextOf(new Error("NoTextForThis")));
    }

    private static IEnumerable<string> Names<TEnum>(string prefix)
        where TEnum : struct, Enum => Enum.GetNames<TEnum>().Select(name => $"{prefix}_{name}");

    private static HashSet<string> Placeholders(string text) =>
        [.. Placeholder().Matches(text).Select(static match => match.Value)];

    private static List<(string Key, string Text)> Read(string file) =>
        [.. XDocument.Load(Path.Combine(Sources, "Shell", "Resources", file)).Root!.Elements("data")
            .Select(static data => ((string)data.Attribute("name")!, (string)data.Element("value")!))];

    private static IStringLocalizer<Strings> Localizer() =>
        new ServiceCollection().AddLogging().AddLocalization().BuildServiceProvider().GetRequiredService<IStringLocalizer<Strings>>();

    private static string TestsFolder([CallerFilePath] string thisFile = "") => Path.Combine(Path.GetDirectoryName(thisFile)!, "..");

    /// <summary>L["Key"] and texts["Key"], also with arguments.</summary>
    [GeneratedRegex("""\b(?:L|texts)\["(?<key>[A-Za-z0-9_]+)"[,\]]""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex UsedKey();

    [GeneratedRegex(@"\{\d+\}", RegexOptions.None, 1000)]
    private static partial Regex Placeholder();
}
