using CashoutConsole.Audit.Application;
using CashoutConsole.Foundation;

namespace CashoutConsole.Tests.Architecture
{
    /// <summary>Proves from the compiled code that references go down the floors and to earlier rooms only.</summary>
    public sealed class ArchitectureTests
    {
        private static readonly Lazy<List<string>> Planted = new(static () => Violations(CodeReferences.Of(typeof(ArchitectureTests).Assembly.Location)));

        [Fact]
        public void References_go_down_a_floor_or_along_it_to_an_earlier_room()
        {
            var references = CodeReferences.Of(typeof(Money).Assembly.Location);
            Assert.True(references.Count > 1000, $"Only {references.Count} references were read.");
            Assert.Contains((typeof(CashoutConsole.Withdrawals.Infrastructure.Dispatcher).FullName!, typeof(CashoutConsole.Cards.Application.AccountReader).FullName!), references.Keys);

            Assert.Empty(Violations(references));
        }

        /// <summary>The same reading over this assembly, where violations of every kind are planted below.</summary>
        [Theory]
        [InlineData("CashoutConsole.Audit.Domain.PlantedField", "CashoutConsole.Audit.Application.PlantedTarget")]
        [InlineData("CashoutConsole.Audit.Domain.PlantedBody", "CashoutConsole.Audit.Application.PlantedTarget")]
        [InlineData("CashoutConsole.Audit.Domain.PlantedLambda", "CashoutConsole.Audit.Application.PlantedTarget")]
        [InlineData("CashoutConsole.Audit.Domain.PlantedAsync", "CashoutConsole.Audit.Application.PlantedTarget")]
        [InlineData("CashoutConsole.Audit.Domain.PlantedGeneric", "CashoutConsole.Audit.Application.PlantedTarget")]
        [InlineData("CashoutConsole.Audit.Domain.PlantedAttribute", "CashoutConsole.Audit.Application.PlantedAttributeAttribute")]
        [InlineData("CashoutConsole.Audit.Application.PlantedRoom", "CashoutConsole.Exports.Application.PlantedTarget")]
        [InlineData("CashoutConsole.Audit.Application.PlantedSandbox", "CashoutConsole.Sandbox.PlantedTarget")]
        [InlineData("CashoutConsole.Sandbox.PlantedTarget", "CashoutConsole.Audit.Application.PlantedTarget")]
        [InlineData("CashoutConsole.Audit.UI.PlantedPage", "CashoutConsole.Persistence.PlantedTarget")]
        public void A_planted_violation_is_found(string from, string to)
        {
            Assert.Contains(Planted.Value, violation => violation.StartsWith($"{from} -> {to} ", StringComparison.Ordinal));
            Assert.DoesNotContain(Planted.Value, static violation => violation.StartsWith("CashoutConsole.Exports.Application.PlantedTarget", StringComparison.Ordinal));
        }

        private static List<string> Violations(IReadOnlyDictionary<(string From, string To), string> references) =>
        [
            .. references
                .Where(static reference => !reference.Key.From.StartsWith("CashoutConsole.Tests.", StringComparison.Ordinal) && !reference.Key.To.StartsWith("CashoutConsole.Tests.", StringComparison.Ordinal))
                .Select(static reference => (reference.Key.From, reference.Key.To, Place: reference.Value, Fault: FloorPlan.FaultOf(reference.Key.From, reference.Key.To)))
                .Where(static reference => reference.Fault is not null)
                .Select(static reference => $"{reference.From} -> {reference.To} in {reference.Place}: {reference.Fault}")
                .Order(StringComparer.Ordinal),
        ];
    }
}

#pragma warning disable CA1823, CA1812, CS0169, IDE0051, RCS1213, CA1852 // Planted to be found, never run.
namespace CashoutConsole.Audit.Application
{
    internal sealed class PlantedTarget
    {
        public static readonly PlantedTarget Only = new();
    }

    [AttributeUsage(AttributeTargets.Class)]
    internal sealed class PlantedAttributeAttribute : Attribute;

    internal sealed class PlantedRoom
    {
        public static object Make() => new Exports.Application.PlantedTarget();
    }

    internal sealed class PlantedSandbox
    {
        public static object Make() => new Sandbox.PlantedTarget();
    }
}

namespace CashoutConsole.Audit.Domain
{
    internal sealed class PlantedField
    {
        public PlantedTarget? Target { get; init; }
    }

    internal sealed class PlantedBody
    {
        public static object Make() => PlantedTarget.Only;
    }

    internal sealed class PlantedLambda
    {
        public static Func<object, object[]> Make(object first) => second => [first, second, PlantedTarget.Only];
    }

    internal sealed class PlantedAsync
    {
        public static async Task<object> MakeAsync()
        {
            await Task.Yield();
            return PlantedTarget.Only;
        }
    }

    internal sealed class PlantedGeneric
    {
        public static IEnumerable<object> Make(IEnumerable<object> all) => all.OfType<List<PlantedTarget>>();
    }

    [Application.PlantedAttributeAttribute]
    internal sealed class PlantedAttribute;
}

namespace CashoutConsole.Audit.UI
{
    internal sealed class PlantedPage
    {
        public static object Make() => new Persistence.PlantedTarget();
    }
}

namespace CashoutConsole.Persistence
{
    internal sealed class PlantedTarget;
}

namespace CashoutConsole.Sandbox
{
    internal sealed class PlantedTarget
    {
        public static object Make() => Audit.Application.PlantedTarget.Only;
    }
}

namespace CashoutConsole.Exports.Application
{
    /// <summary>Looks at what it may see: an earlier room on its floor, and down.</summary>
    internal sealed class PlantedTarget
    {
        public static object[] Make() => [Audit.Application.PlantedTarget.Only, new Persistence.PlantedTarget()];
    }
}
