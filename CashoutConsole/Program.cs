using System.CommandLine;
using CashoutConsole;

var root = new RootCommand("CashoutConsole brings money home from virtual cards and member wallets. Without a verb it starts the web console.")
{
    TreatUnmatchedTokensAsErrors = false,
};
root.SetAction((_, cancellation) => WebHost.RunAsync(args, cancellation));

var audit = new Command("audit", "The audit trail.");
var verify = new Command("verify", "Verifies the chain on the database. Exit code 0 = whole, 1 = the first bad sequence is named.");
verify.SetAction((_, cancellation) => Verbs.VerifyAuditAsync(cancellation));
audit.Subcommands.Add(verify);
root.Subcommands.Add(audit);

var sandbox = new Command("sandbox", "Runs the five simulated providers alone, without the console.");
sandbox.SetAction((_, cancellation) => Verbs.RunSandboxAsync(cancellation));
root.Subcommands.Add(sandbox);

var database = new Command("database", "The database.");
var migrate = new Command("migrate", "Applies pending migrations.");
migrate.SetAction((_, cancellation) => Verbs.MigrateAsync(cancellation));
database.Subcommands.Add(migrate);
root.Subcommands.Add(database);

var operators = new Command("operators", "Operators.");
var create = new Command("create", "Creates an operator during set-up. The password is read from standard input.");
var userName = new Option<string>("--user-name") { Required = true, Description = "Letters, digits, '.', '-', '_', '@'." };
var displayName = new Option<string>("--name") { Required = true, Description = "The name on record." };
var roles = new Option<string[]>("--role") { Required = true, Description = "Treasury, Supervisor, Auditor or Administrator; repeat for several.", AllowMultipleArgumentsPerToken = true };
create.Options.Add(userName);
create.Options.Add(displayName);
create.Options.Add(roles);
var recover = new Option<bool>("--recover") { Description = "After set-up: stops all sending, and every page says so until two other people have acknowledged it." };
create.Options.Add(recover);
create.SetAction((parsed, cancellation) => Verbs.CreateOperatorAsync(
    parsed.GetRequiredValue(userName), parsed.GetRequiredValue(displayName), parsed.GetRequiredValue(roles), parsed.GetValue(recover), cancellation));
operators.Subcommands.Add(create);
root.Subcommands.Add(operators);

return await root.Parse(args).InvokeAsync();
