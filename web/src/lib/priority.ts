/** How urgent a task is; the words are `priority` of the shared ones. */
export const PRIORITIES = ["urgent", "high", "normal", "low"] as const;
export type Priority = (typeof PRIORITIES)[number];
