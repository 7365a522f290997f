import type { PermissionDetail, PermissionGroup } from "../../api/switchroom";

/** A row of the grid: one type of resource, and the permission of each action there is. */
export interface PermissionRow {
  type: string;
  actions: Record<string, string>;
}

export interface PermissionMatrix {
  /** Actions that any row has, in the order of the columns. */
  columns: string[];
  rows: PermissionRow[];
}

const COLUMNS = [
  "View", "Access", "Edit", "Create", "Delete", "Remove", "EnableAndDisable", "EditPermission", "Publish", "Share", "Schedule", "Approve", "Manage", "Claim", "Release", "Purge", "Download", "Enabled",
];

/** Permissions whose names are not `Type.Action`. */
const ODD: Record<string, [type: string, action: string]> = {
  ListenCallRecordings: ["CallRecordings", "Access"],
  DownloadCallRecordings: ["CallRecordings", "Download"],
  DeleteCallRecordings: ["CallRecordings", "Delete"],
  ChatTestMode: ["ChatTestMode", "EnableAndDisable"],
};

/** Type and action of a permission. */
export function partsOf(permission: string): [type: string, action: string] {
  const odd = ODD[permission];
  if (odd) return odd;
  const dot = permission.lastIndexOf(".");
  const action = permission.slice(dot + 1);
  return dot > 0 && COLUMNS.includes(action) ? [permission.slice(0, dot), action] : [permission, "Access"];
}

export function matrix(permissions: string[]): PermissionMatrix {
  const rows = new Map<string, PermissionRow>();
  const used = new Set<string>();
  for (const permission of permissions) {
    const [type, action] = partsOf(permission);
    const row = rows.get(type) ?? { type, actions: {} };
    row.actions[action] = permission;
    rows.set(type, row);
    used.add(action);
  }
  return { columns: COLUMNS.filter((one) => used.has(one)), rows: [...rows.values()] };
}

export type Details = Map<string, PermissionDetail>;

export function detailsOf(groups: PermissionGroup[]): Details {
  return new Map(groups.flatMap((group) => group.Details.map((one): [string, PermissionDetail] => [one.Permission, one])));
}

/** The set with some more permissions, and all that they bring and suggest (USER-42). */
export function ticked(held: string[], names: string[], details: Details): string[] {
  const found = new Set(held);
  const waiting = names.filter((name) => !found.has(name));
  for (const name of waiting) {
    if (found.has(name)) continue;
    found.add(name);
    const detail = details.get(name);
    waiting.push(...(detail?.Brings ?? []), ...(detail?.Suggests ?? []));
  }
  return [...found].sort();
}

/** The set without some permissions, and without all that would bring them back. */
export function unticked(held: string[], names: string[], details: Details): string[] {
  const gone = new Set(names);
  return held.filter((name) => !gone.has(name) && !details.get(name)?.Brings.some((brought) => gone.has(brought)));
}
