/**
 * The attributes box of the test settings: `"key": "value"` pairs, with or without braces around them.
 * Returns null unless every key and value is a quoted string (BASE-121).
 */
export function parseAttributes(source: string): Record<string, string> | null {
  const text = source.trim();
  if (!text) return {};
  try {
    const value: unknown = JSON.parse(text.startsWith("{") ? text : `{${text}}`);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
    const pairs = Object.entries(value);
    return pairs.every(([, one]) => typeof one === "string") ? (Object.fromEntries(pairs) as Record<string, string>) : null;
  } catch {
    return null;
  }
}
