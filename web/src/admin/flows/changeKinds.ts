import type { Change } from "../../api/switchroom";

export const CHANGE_KINDS = ["CREATED", "DELETED", "PUBLISHED", "DRAFT", "ARCHIVED", "RESTORED", "RENAMED", "TAGGED", "UPDATED"] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

export interface FlowChange {
  kind: ChangeKind;
  /** The version a publication made. */
  version?: number;
  /** Contents before and after, where the change was one of content. */
  before?: string;
  after?: string;
}

interface State {
  Name?: string;
  Description?: string;
  State?: string;
  Version?: number;
  Content?: string | null;
  SavedContent?: string | null;
}

/** What a change of a flow or module was, as a person would call it. */
export function flowChange(change: Change): FlowChange {
  if (change.Action === "CREATED" || change.Action === "DELETED") return { kind: change.Action };
  if (change.Action !== "UPDATED") return { kind: "TAGGED" };
  const [before, after] = [read(change.Before), read(change.After)];
  if (after.State !== before.State) return { kind: after.State === "ARCHIVED" ? "ARCHIVED" : "RESTORED" };
  if (after.Version !== before.Version) return { kind: "PUBLISHED", version: after.Version, before: before.Content ?? undefined, after: after.Content ?? undefined };
  if (after.SavedContent !== before.SavedContent) return { kind: "DRAFT", before: before.SavedContent ?? before.Content ?? undefined, after: after.SavedContent ?? undefined };
  if (after.Name !== before.Name || after.Description !== before.Description) return { kind: "RENAMED" };
  return { kind: "UPDATED" };
}

function read(text: string | undefined): State {
  try {
    return (JSON.parse(text || "{}") as State | null) ?? {};
  } catch {
    return {};
  }
}
