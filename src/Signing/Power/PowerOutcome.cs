namespace VirtEngine.DR.Signing;

/// <summary>What an asker got from the budget.</summary>
/// <param name="Decision">The judgement.</param>
/// <param name="Slot">The reservation's slot; 0 where none stands.</param>
/// <param name="InForce">Every other reservation that takes power out of the budget now.</param>
/// <param name="Picture">Who signs.</param>
public sealed record PowerOutcome(PowerDecision Decision, long Slot, IReadOnlyList<Reservation> InForce, PowerPicture Picture)
{
    /// <summary>A majority of the register answered: these are all reservations.</summary>
    public bool Whole { get; init; }
}
