namespace VirtEngine.DR.Embedded.Queues;

/// <summary>The second copy of an activity that is given to workers twice. At one time with the first, the machine would say which acts first, and not the seed.</summary>
internal sealed record ActivityCopy(QueueKey Queue, PollActivityTaskQueueResponse Answer);
