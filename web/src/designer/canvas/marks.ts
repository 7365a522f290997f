/** What a run or a comparison says about a block or a connection. */
export type Mark = "taken" | "current" | "failed" | "added" | "removed" | "changed";

/** Key of a connection among marks: the block it leaves, and by which outcome. */
export function edgeKey(blockId: string, outcomeKey: string): string {
  return `${blockId}|${outcomeKey}`;
}

/** The connection that leaves the entry point. */
export const ENTRY_EDGE = "|start";
