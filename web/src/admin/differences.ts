export interface Difference {
  name: string;
  before: string;
  after: string;
}

/** Members whose values differ between two JSON documents, each value as text. */
export function differences(before: string | undefined, after: string | undefined): Difference[] {
  const [old, now] = [parse(before), parse(after)];
  const names = [...new Set([...Object.keys(old), ...Object.keys(now)])].sort();
  return names
    .map((name) => ({ name, before: show(old[name]), after: show(now[name]) }))
    .filter((one) => one.before !== one.after);
}

function parse(text: string | undefined): Record<string, unknown> {
  try {
    return (JSON.parse(text || "{}") as Record<string, unknown> | null) ?? {};
  } catch {
    return { value: text };
  }
}

function show(value: unknown): string {
  if (value === undefined || value === null) return "–";
  return typeof value === "string" ? value : JSON.stringify(value);
}
