import { isRecord } from "./document";

/** The value at a path of names joined by dots; the whole for an empty path. */
export function valueAt(of: unknown, path: string): unknown {
  if (!path) return of;
  let at = of;
  for (const name of path.split(".")) {
    if (!isRecord(at) || !Object.hasOwn(at, name)) return undefined;
    at = at[name];
  }
  return at;
}

/** The record with the value at the path; `undefined` takes it away, and the records that are left empty above it. */
export function withValueAt(of: Record<string, unknown>, path: string, value: unknown): Record<string, unknown> {
  const [name, ...rest] = path.split(".") as [string, ...string[]];
  const inner = rest.length ? withValueAt(isRecord(of[name]) ? of[name] : {}, rest.join("."), value) : value;
  const result = { ...of };
  if (inner === undefined || (rest.length && value === undefined && isRecord(inner) && !Object.keys(inner).length)) delete result[name];
  else result[name] = inner;
  return result;
}

/** Every path to a scalar or a list. */
export function leavesOf(of: Record<string, unknown>, before = ""): string[] {
  return Object.entries(of).flatMap(([name, value]) => (isRecord(value) && Object.keys(value).length ? leavesOf(value, `${before}${name}.`) : [`${before}${name}`]));
}

/** A scalar as a flow compares it; lists and records as JSON. */
export function textOf(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** Whether the whole text is a reference to an attribute. */
export function isReference(value: unknown): value is string {
  return typeof value === "string" && /^\$(\.|\[)/.test(value);
}
