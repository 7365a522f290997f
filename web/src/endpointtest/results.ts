/** How one check ended. */
export type Outcome = "pass" | "warn" | "fail" | "skipped";

export interface CheckResult {
  id: CheckId;
  /** What was tested: a device, a host, an address. */
  target?: string;
  outcome: Outcome;
  /** Name of the text that says what was found. */
  finding: string;
  /** What the machine said, in its own words. */
  detail?: string;
  /** Median in milliseconds. */
  latencyMs?: number;
  figures?: Record<string, number>;
}

export const CHECKS = ["browser", "microphone", "speaker", "site", "instance", "regions", "socket", "media"] as const;
export type CheckId = (typeof CHECKS)[number];

export interface TestFile {
  schema: "switchroom-endpoint-test/1";
  startedAt: string;
  finishedAt: string;
  page: string;
  browser: string;
  verdict: Outcome;
  results: CheckResult[];
}

/** The worst of several outcomes; what was skipped does not count. */
export function verdictOf(results: readonly CheckResult[]): Outcome {
  const outcomes = results.map((one) => one.outcome);
  return outcomes.includes("fail") ? "fail" : outcomes.includes("warn") ? "warn" : outcomes.includes("pass") ? "pass" : "skipped";
}

export function fileOf(results: CheckResult[], about: Pick<TestFile, "startedAt" | "finishedAt" | "page" | "browser">): TestFile {
  return { schema: "switchroom-endpoint-test/1", ...about, verdict: verdictOf(results), results };
}

/** Reads an earlier file. Raises Error when it is none (DESK-167). */
export function readFile(text: string): TestFile {
  const found = JSON.parse(text) as Partial<TestFile>;
  const known = found.schema === "switchroom-endpoint-test/1" && Array.isArray(found.results) && found.results.every((one) => CHECKS.includes(one?.id) && typeof one.finding === "string");
  if (!known) throw new Error("not a result of this test");
  return found as TestFile;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.length ? sorted[Math.floor((sorted.length - 1) / 2)]! : NaN;
}

/** Mean difference between neighbours, as the jitter of a series. */
export function unevenness(values: readonly number[]): number {
  const steps = values.slice(1).map((value, index) => Math.abs(value - values[index]!));
  return steps.length ? steps.reduce((sum, step) => sum + step, 0) / steps.length : 0;
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** To a tenth. */
export function round(value: number): number {
  return Math.round(value * 10) / 10;
}
