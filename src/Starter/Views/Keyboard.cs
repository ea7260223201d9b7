namespace VirtEngine.DR.Starter.Views;

/// <summary>Keys that were pressed while something was drawn.</summary>
internal static class Keyboard
{
    /// <summary>Whether the key was pressed; other keys are swallowed, for nobody asked for them.</summary>
    public static bool Pressed(char key)
    {
        while (Console.KeyAvailable)
        {
            if (char.ToLowerInvariant(Console.ReadKey(intercept: true).KeyChar) == key)
            {
                return true;
            }
        }

        return false;
    }
}
