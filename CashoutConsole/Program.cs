using CashoutConsole.Shell;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddShell(shell => shell.IsRehearsal = builder.Environment.IsDevelopment());

var app = builder.Build();
app.MapShell();
await app.RunAsync();
