namespace CashoutConsole;

/// <summary>One process per SQLite file: a file beside it that only one process can hold open.</summary>
public sealed class InstanceLock : IDisposable
{
    private readonly FileStream _file;

    private InstanceLock(FileStream file) => _file = file;

    /// <summary>Null when another process holds it.</summary>
    public static InstanceLock? TryTake(string databaseFile)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(databaseFile)!);
            return new InstanceLock(new FileStream(databaseFile + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException)
        {
            return null;
        }
    }

    public void Dispose() => _file.Dispose();
}
