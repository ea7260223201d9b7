namespace VirtEngine.DR.Embedded.Queues;

/// <summary>A queue's name; workflow and activity tasks lie apart.</summary>
internal readonly record struct QueueKey(string Namespace, string Name, TaskQueueType Type);
