namespace VirtEngine.DR.Signing;

/// <summary>The power budget's decisions. There is one implementation; tests inject broken ones into hosts of their own to see that the checks find them.</summary>
public interface IPowerRules
{
    /// <summary>The slot to ask for.</summary>
    long NextSlot(RegisterView view);

    /// <summary>Whether every slot below is decided: nobody below can get a majority that this view does not show.</summary>
    SealDecision Seal(RegisterView view, long slot);

    /// <summary>The slot of the checkpoint that counts and speaks for all below; 1 where there is none.</summary>
    long Start(RegisterView view);

    /// <summary>What a checkpoint in the next slot says; null while none is due, or anything below could still change.</summary>
    BudgetEntry? Checkpoint(RegisterView view, PowerPicture picture);

    /// <summary>Every reservation that counts or may yet count, with what became of it.</summary>
    IReadOnlyList<Reservation> Reservations(RegisterView view);

    /// <summary>Whether a reservation still takes power out of the budget.</summary>
    bool InForce(Reservation reservation, PowerPicture picture);

    /// <summary>Whether the validator may be touched. An own reservation that stands already is judged as if it were asked for now.</summary>
    PowerDecision Judge(RegisterView view, PowerPicture picture, PowerAsk ask);
}
