namespace VirtEngine.DR.Signing;

/// <summary>How a holder was ended. The last three are no ends; they exist so that they are refused by name.</summary>
public enum EndKind
{
    /// <summary>Its gate wrote the fence, fsynced, stopped the signer, obtained the signer's lock, and only then answered, signed.</summary>
    FenceAdopted,

    /// <summary>Instance and volume were deleted and the cloud says so.</summary>
    InstanceAndVolumeDeleted,

    /// <summary>Its volume was mounted by us and the fence written into it.</summary>
    VolumeFenced,

    /// <summary>Its own access to the HSM was revoked, and the HSM refused it under its identity.</summary>
    HsmAccessRevoked,

    /// <summary>Destroyed and in custody, by serial number.</summary>
    DestroyedInCustody,

    /// <summary>Somebody says that it is off. It may come on again.</summary>
    PoweredOff,

    /// <summary>It does not answer. It may sign all the same.</summary>
    Unreachable,

    /// <summary>The key was disabled in the HSM. The new holder needs it enabled, and then the old one can use it too.</summary>
    KeyDisabled,
}
