import type { FlowProblem } from "../api/switchroom";

/** JSON with two spaces; text that is not JSON comes back as it is. */
export function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

const ORDER = ["ERROR", "WARNING", "INFO"];

export function sorted(problems: FlowProblem[]): FlowProblem[] {
  return [...problems].sort((a, b) => ORDER.indexOf(a.Severity) - ORDER.indexOf(b.Severity));
}

/** Row of the text a problem is about: its action's, else 0. */
export function rowOf(content: string, problem: FlowProblem): number {
  if (!problem.ActionId) return 0;
  const rows = content.split("\n");
  const wanted = `"Identifier": ${JSON.stringify(problem.ActionId)}`;
  return Math.max(0, rows.findIndex((row) => row.includes(wanted)));
}
