namespace VirtEngine.DR.Signing;

/// <summary>What stands in an epoch's slot of one bucket.</summary>
public enum SlotKind
{
    /// <summary>An asker's object: it names a holder.</summary>
    Holder,

    /// <summary>The slot was empty when an asker sealed: nobody is granted by it.</summary>
    Void,

    /// <summary>A repair could not tell what the replaced bucket held. Excludes nobody.</summary>
    Lost,
}
