using System.Reflection;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Application;
using CashoutConsole.Persistence;
using CashoutConsole.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CashoutConsole.Tests.Identity;

/// <summary>Who may do what: the table, and every use case against it.</summary>
public sealed class AccessTests
{
    /// <summary>The access table as people agreed on it: one line per permission, the roles that hold it.</summary>
    private static readonly Dictionary<Permission, Role[]> Table = new()
    {
        [Permission.ViewAccounts] = [Role.Treasury, Role.Supervisor, Role.Auditor, Role.Administrator],
        [Permission.RefreshBalances] = [Role.Treasury, Role.Supervisor],
        [Permission.RequestWithdrawals] = [Role.Treasury],
        [Permission.MaintainMemberDirectory] = [Role.Treasury],
        [Permission.CancelOwnWithdrawal] = [Role.Treasury, Role.Supervisor],
        [Permission.CancelAnyWithdrawal] = [Role.Supervisor],
        [Permission.Approve] = [Role.Supervisor],
        [Permission.ResolveUnknowns] = [Role.Supervisor],
        [Permission.StopSending] = [Role.Treasury, Role.Supervisor, Role.Administrator],
        [Permission.ProposeResume] = [Role.Supervisor],
        [Permission.ConfirmResume] = [Role.Supervisor, Role.Administrator],
        [Permission.ExportWithdrawals] = [Role.Treasury, Role.Supervisor, Role.Auditor],
        [Permission.ReadAudit] = [Role.Supervisor, Role.Auditor],
        [Permission.ExportAudit] = [Role.Auditor],
        [Permission.Administer] = [Role.Administrator],
        [Permission.ConfirmAdministration] = [Role.Supervisor, Role.Administrator],
    };

    private static readonly Type[] UseCases =
        [.. typeof(UseCaseAttribute).Assembly.GetTypes().Where(static type => type.GetCustomAttribute<UseCaseAttribute>() is not null)];

    [Fact]
    public void The_roles_hold_exactly_the_permissions_of_the_table()
    {
        foreach (var permission in Enum.GetValues<Permission>())
        {
            Assert.Equal(Table[permission].Order(), Enum.GetValues<Role>().Where(role => RolePermissions.Of(role).Contains(permission)).Order());
        }
    }

    [Fact]
    public void Every_use_case_names_its_permission()
    {
        var unnamed = typeof(UseCaseAttribute).Assembly.GetTypes()
            .Where(static type => type.Namespace?.Contains(".Application", StringComparison.Ordinal) == true
                && type.GetMethod("ExecuteAsync", BindingFlags.Public | BindingFlags.Instance) is not null
                && type.GetCustomAttribute<UseCaseAttribute>() is null)
            .OrderBy(static type => type.Name, StringComparer.Ordinal);
        // Signing in and taking an invitation up are what a person without a role does.
        Assert.Equal([typeof(AcceptInvite), typeof(SignIn)], unnamed);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Every_use_case_refuses_exactly_the_roles_without_its_permission_and_records_it(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        Assert.True(UseCases.Length > 12);
        foreach (var useCase in UseCases)
        {
            var permission = useCase.GetCustomAttribute<UseCaseAttribute>()!.Permission;
            foreach (var role in Enum.GetValues<Role>())
            {
                var actor = role switch { Role.Treasury => rig.Treasury, Role.Supervisor => rig.Supervisor, Role.Auditor => rig.Auditor, _ => rig.Administrator };
                await AssertAccessAsync(rig, useCase, permission, actor, Table[permission].Contains(role));
            }
        }
    }

    [Theory, OnSqlite]
    public async Task Nobody_else_may_do_anything(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var disabled = await rig.OperatorAsync("dora", Enum.GetValues<Role>());
        await rig.DisableAsync(disabled);
        var nobody = await rig.OperatorAsync("nora");
        foreach (var useCase in UseCases)
        {
            var permission = useCase.GetCustomAttribute<UseCaseAttribute>()!.Permission;
            foreach (var actor in new[] { disabled, nobody, Actor.Operator("", "anonymous"), Actor.System("dispatcher", rig.Supervisor.Id), new Actor(ActorKind.System, rig.Supervisor.Id, "fake") })
            {
                await AssertAccessAsync(rig, useCase, permission, actor, allowed: false);
            }
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_role_that_is_taken_away_counts_at_once(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var account = await rig.AccountAsync(100);
        await rig.RequestAsync(account, 1);
        await rig.ChangeAsync(db => db.OperatorRoles.Where(r => r.OperatorId == rig.Treasury.Id).ExecuteDeleteAsync());

        var request = rig.Get<CashoutConsole.Withdrawals.Application.RequestWithdrawal>();
        Assert.Equal("Forbidden", (await request.ExecuteAsync(rig.Treasury, rig.CommandFor(await rig.ReadAccountAsync(account.Id), 1), CancellationToken.None)).Error?.Code);
    }

    private static async Task AssertAccessAsync(ConsoleRig rig, Type useCase, Permission permission, Actor actor, bool allowed)
    {
        var refusalsBefore = await RefusalsAsync(rig, useCase, permission, actor);
        var error = await ErrorOfAsync(rig, useCase, actor);
        var refusals = await RefusalsAsync(rig, useCase, permission, actor) - refusalsBefore;
        if (allowed)
        {
            Assert.False(error?.Is("Forbidden") ?? false, $"{actor.Name} was refused {useCase.Name}");
            Assert.Equal(0, refusals);
        }
        else
        {
            Assert.True(error?.Is("Forbidden"), $"{actor.Name} was let into {useCase.Name}: {error}");
            Assert.True(refusals == 1, $"{useCase.Name} recorded {refusals} refusals of {actor.Name}");
        }
    }

    /// <summary>Calls ExecuteAsync with empty arguments: past the gate anything but "Forbidden" may come, an exception too.</summary>
    private static async Task<Error?> ErrorOfAsync(ConsoleRig rig, Type useCase, Actor actor)
    {
        var method = useCase.GetMethod("ExecuteAsync")!;
        var arguments = method.GetParameters().Select(parameter =>
            parameter.ParameterType == typeof(Actor) ? actor
            : parameter.ParameterType == typeof(CancellationToken) ? CancellationToken.None
            : EmptyValueOf(parameter.ParameterType)).ToArray();
        var task = (Task)method.Invoke(rig.Services.GetRequiredService(useCase), arguments)!;
        try
        {
            await task;
        }
        catch (Exception exception) when (exception is not Xunit.Sdk.XunitException)
        {
            return new Error("Threw", exception.GetType().Name);
        }
        var result = task.GetType().GetProperty("Result")!.GetValue(task)!;
        return (Error?)result.GetType().GetProperty("Error")!.GetValue(result);
    }

    private static object? EmptyValueOf(Type type)
    {
        if (type == typeof(string))
        {
            return "";
        }
        if (type.IsValueType)
        {
            return Activator.CreateInstance(type);
        }
        if (type.IsInterface || type.IsAbstract)
        {
            return null;
        }
        var constructor = type.GetConstructors().OrderBy(static c => c.GetParameters().Length).First();
        return constructor.Invoke([.. constructor.GetParameters().Select(static parameter => EmptyValueOf(parameter.ParameterType))]);
    }

    private static Task<int> RefusalsAsync(ConsoleRig rig, Type useCase, Permission permission, Actor actor)
    {
        var reason = permission.ToString();
        return rig.QueryAsync(db => db.AuditEntries.CountAsync(
            e => e.Action == "permission.refused" && e.SubjectId == useCase.Name && e.Reason == reason && e.ActorId == actor.Id && e.ActorKind == actor.Kind));
    }
}
