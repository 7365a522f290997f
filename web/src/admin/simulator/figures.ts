/** Figures of simulations: how they are written, what is better, what a difference says in words. */
import type { SimulationEstimate, SimulationReport } from "../../api/switchroom";
import type { TextKey } from "../../i18n";
import { csvField } from "../csv";
import { clockAt } from "./scenario";

export type Estimate = SimulationEstimate;
export type Estimates = Record<string, Estimate>;
type Kind = "share" | "seconds" | "count" | "decimal";

/** Figures of queues in the order of reports: how they are written, and whether more (1) or less (-1) is better. */
export const QUEUE_FIGURES: Record<string, { kind: Kind; better: number }> = {
  service_level: { kind: "share", better: 1 },
  answer_time: { kind: "seconds", better: -1 },
  abandonment: { kind: "share", better: -1 },
  queue_length: { kind: "decimal", better: -1 },
  longest_wait: { kind: "seconds", better: -1 },
  longest_queue: { kind: "count", better: -1 },
  abandon_time: { kind: "seconds", better: 0 },
  queued: { kind: "count", better: 0 },
  answered: { kind: "count", better: 0 },
  abandoned: { kind: "count", better: -1 },
  handle_time: { kind: "seconds", better: 0 },
};
export const PROFILE_FIGURES: Record<string, { kind: Kind; better: number }> = {
  occupancy: { kind: "share", better: 0 },
  staffed: { kind: "decimal", better: 0 },
};
const FIGURES = { ...QUEUE_FIGURES, ...PROFILE_FIGURES };

/** The figures that a comparison is told by. */
export const KEY_FIGURES = ["service_level", "answer_time", "abandonment", "queue_length", "longest_wait"];

export interface Writer {
  language: string;
  t: (key: TextKey, values?: Record<string, string | number>) => string;
}

export function titleOf(figure: string): TextKey {
  return `simFigure.${figure}` as TextKey;
}

/** A figure as people read it: 93.2 %, 12.4 s, 4:05, 1,240. */
export function shown(figure: string, value: number | undefined, writer: Writer): string {
  if (!given(value)) return "–";
  const kind = FIGURES[figure]?.kind ?? "decimal";
  if (kind === "share") return `${digits(value * 100, 1, writer)} %`;
  if (kind === "seconds") return seconds(value, writer);
  return digits(value, placesOf(kind, value), writer);
}

/** A value on an axis, where round values stand. */
export function onAxis(figure: string, value: number, writer: Writer): string {
  const kind = FIGURES[figure]?.kind;
  const numbers = new Intl.NumberFormat(writer.language, { maximumFractionDigits: 2 });
  if (kind === "share") return `${numbers.format(value * 100)} %`;
  if (value === 0) return "0";
  if (kind === "seconds") return value < 60 ? `${numbers.format(value)} ${writer.t("sim.s")}` : seconds(value, writer);
  return numbers.format(value);
}

/** Half the width of the confidence interval: ± 0.8 points. */
export function margin(figure: string, estimate: Estimate | undefined, writer: Writer): string {
  if (!estimate || !given(estimate.Mean) || !given(estimate.High)) return "";
  return `± ${amount(figure, estimate.High - estimate.Mean, writer)}`;
}

/** A difference, or part of one: 6.1 points, 12.4 s, 3.2. */
export function amount(figure: string, value: number, writer: Writer): string {
  const kind = FIGURES[figure]?.kind ?? "decimal";
  if (kind === "share") return writer.t("sim.points", { count: digits(value * 100, 1, writer) });
  return kind === "seconds" ? seconds(value, writer) : digits(value, placesOf(kind, value), writer);
}

/** A difference with its sign: +6.1 points. */
export function signed(figure: string, value: number, writer: Writer): string {
  const text = amount(figure, Math.abs(value), writer);
  if (text === amount(figure, 0, writer)) return text;
  return `${value < 0 ? "−" : "+"}${text}`;
}

/** 1 and -1: the difference is up, or down, with confidence; 0: it may be either. */
export function direction(estimate: Estimate | undefined): number {
  if (!estimate || !given(estimate.Low) || !given(estimate.High)) return 0;
  if (estimate.Low > 0) return 1;
  return estimate.High < 0 ? -1 : 0;
}

/** Whether a difference is good (1), bad (-1), or neither. */
export function worth(figure: string, estimate: Estimate | undefined): number {
  return direction(estimate) * (FIGURES[figure]?.better ?? 0);
}

/** "Service level rises by 6.1 points (4.9 to 7.3)". */
export function inWords(figure: string, estimate: Estimate, writer: Writer): string {
  const way = direction(estimate);
  const name = writer.t(titleOf(figure));
  if (!given(estimate.Mean)) return writer.t("sim.noDifference", { figure: name });
  if (!given(estimate.Low) || !given(estimate.High)) {
    return writer.t(estimate.Mean < 0 ? "sim.fallsOnce" : "sim.risesOnce", { figure: name, amount: amount(figure, Math.abs(estimate.Mean), writer) });
  }
  const nothing = bare(figure, 0, writer);
  if (bare(figure, estimate.Low, writer) === nothing && bare(figure, estimate.High, writer) === nothing) return writer.t("sim.same", { figure: name });
  const [low, high] = way < 0 ? [-estimate.High, -estimate.Low] : [estimate.Low, estimate.High];
  const values = { figure: name, amount: amount(figure, way ? Math.abs(estimate.Mean) : estimate.Mean, writer), low: bare(figure, low, writer), high: bare(figure, high, writer) };
  return writer.t(way > 0 ? "sim.rises" : way < 0 ? "sim.falls" : "sim.unsure", values);
}

/** Every interval of every queue and profile of all scenarios, with the confidence interval of each figure. */
export function toCsv(reports: SimulationReport[]): string {
  const queue = Object.keys(QUEUE_FIGURES);
  const profile = Object.keys(PROFILE_FIGURES);
  const columns = [...queue, ...profile].flatMap((figure) => [figure, `${figure}_low`, `${figure}_high`]);
  const cells = (found: Estimates): string[] =>
    [...queue, ...profile].flatMap((figure) => [found[figure]?.Mean, found[figure]?.Low, found[figure]?.High]).map((value) => (given(value) ? String(Number(value.toPrecision(7))) : ""));
  const rows = reports.flatMap((report) => {
    const interval = (at: number): string => clockAt(report.Start, at * report.IntervalMinutes);
    return [
      [report.Name, "", "", "", ...cells(report.All)],
      ...report.Queues.flatMap((one) => [[report.Name, one.Name, "", "", ...cells(one.Total)], ...one.Intervals.map((row, at) => [report.Name, one.Name, "", interval(at), ...cells(row)])]),
      ...report.Profiles.flatMap((one) => [[report.Name, "", one.Name, "", ...cells(one.Total)], ...one.Intervals.map((row, at) => [report.Name, "", one.Name, interval(at), ...cells(row)])]),
    ];
  });
  const safe = (value: string): string => (/^-[\d.]+$/.test(value) ? value : csvField(value));
  return `\ufeff${[["scenario", "queue", "routing_profile", "interval", ...columns], ...rows].map((row) => row.map(safe).join(",")).join("\r\n")}\r\n`;
}

const CLOCK = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800];

/** Round values that hold everything from nothing to the most, for an axis; of times, such as clocks have. */
export function ticksOf(most: number, wanted = 4, time = false): number[] {
  if (!(most > 0)) return [0, 1];
  const rough = most / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const decimal = [1, 2, 2.5, 5, 10].map((one) => one * power).find((one) => one >= rough * 0.999)!;
  const step = time ? (CLOCK.find((one) => one >= rough) ?? decimal) : decimal;
  return Array.from({ length: Math.ceil(most / step - 1e-9) + 1 }, (_, at) => Number((at * step).toPrecision(12)));
}

/** Whether the figure is a length of time. */
export function isTime(figure: string): boolean {
  return FIGURES[figure]?.kind === "seconds";
}

export function given(value: number | null | undefined): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

function bare(figure: string, value: number, writer: Writer): string {
  const kind = FIGURES[figure]?.kind;
  return kind === "share" ? digits(value * 100, 1, writer) : amount(figure, value, writer);
}

function placesOf(kind: Kind, value: number): number {
  if (kind === "decimal") return Math.abs(value) < 10 ? 2 : 1;
  return Math.abs(value) >= 100 ? 0 : 1;
}

function seconds(value: number, writer: Writer): string {
  const size = Math.abs(value);
  if (size < 60) return `${digits(value, 1, writer)} ${writer.t("sim.s")}`;
  const whole = Math.round(size);
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const used = parts[0] ? parts : parts.slice(1);
  return (value < 0 ? "−" : "") + used.map((part, at) => (at ? String(part).padStart(2, "0") : String(part))).join(":");
}

function digits(value: number, places: number, writer: Writer): string {
  const text = new Intl.NumberFormat(writer.language, { minimumFractionDigits: places, maximumFractionDigits: places }).format(value);
  return text.replace(/^-(0([.,]0+)?)$/, "$1").replace("-", "−");
}
