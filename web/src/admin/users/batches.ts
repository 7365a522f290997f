import type { UserBatch } from "../../api/switchroom";

export const over = (batch: UserBatch): boolean => batch.State === "DONE" || batch.State === "CANCELLED";

export interface BatchOverview {
  /** The batch at work, or the first one to come. */
  current?: UserBatch;
  /** Batches behind it, in the order of their turn. */
  waiting: UserBatch[];
  /** Batches that are over and were not dismissed, newest first. */
  ended: UserBatch[];
}

/** What the banner shows of batches listed newest first (USER-11, USER-12). */
export function overview(batches: UserBatch[]): BatchOverview {
  const open = batches.filter((one) => !over(one)).reverse();
  const current = open.find((one) => one.State === "RUNNING") ?? open[0];
  return { current, waiting: open.filter((one) => one !== current), ended: batches.filter(over) };
}

export const processed = (batch: UserBatch): number => batch.Succeeded + batch.Failed;

/** Batches that ended between two looks at the list, also those that began after the first. */
export function newlyEnded(before: UserBatch[], now: UserBatch[]): UserBatch[] {
  const ended = new Set(before.filter(over).map((one) => one.BatchId));
  return now.filter((one) => over(one) && !ended.has(one.BatchId));
}
