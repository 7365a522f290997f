/** What a scenario says, and changing it without losing what the form does not know: comments, order, other keys. */
import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node } from "yaml";

export type Path = (string | number)[];
type Fields = Record<string, unknown>;

export const CHANNELS = ["VOICE", "CHAT", "TASK"] as const;
export type Channel = (typeof CHANNELS)[number];

export interface QueueView {
  name: string;
  channel: string;
  /** Contacts an hour of parts of equal length; null where moments are recorded. */
  perHour: number[] | null;
  /** How many moments are recorded, where they are. */
  recorded: number;
  perDay: number;
  handle: unknown;
  wrap: unknown;
  patience: unknown;
  limit: number | null;
}

export interface StaffView {
  profile: string;
  count: number;
  shift: string;
  breaks: string[];
  miss: number;
  skills: Record<string, number>;
}

export interface PlaceView {
  profile: string;
  queue: string;
  priority: number;
  delay: number;
  /** The delay stands beside the priority, or the priority alone is written. */
  whole: boolean;
}

/** A scenario, or a variant as it would be played, as the form shows it. */
export interface Form {
  name: string;
  start: string;
  hours: number;
  interval: number;
  replications: number;
  seed: number;
  serviceLevel: number;
  warmUp: number;
  queues: QueueView[];
  staff: StaffView[];
  profiles: { name: string; concurrency: Record<string, number> }[];
  places: PlaceView[];
}

export interface Source {
  text: string;
  document: Document.Parsed;
  value: Fields;
  variants: string[];
  /** What is wrong with the YAML itself, by row. */
  faults: { row: number; text: string }[];
  rowOf: (path: Path) => number;
}

export function read(text: string): Source {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, compat: "yaml-1.1" });
  const faults = document.errors.map((one) => ({ row: lines.linePos(one.pos[0]).line - 1, text: one.message.split("\n")[0]! }));
  const value = faults.length ? {} : fields(document.toJS());
  const rowOf = (path: Path): number => {
    for (let length = path.length; length > 0; length--) {
      const node = document.getIn(path.slice(0, length), true) as Node | undefined;
      if (node?.range) return lines.linePos(node.range[0]).line - 1;
    }
    return 0;
  };
  return { text, document, value, variants: Object.keys(fields(value["variants"])), faults, rowOf };
}

/** The scenario as it would be played: a variant stands in place of what the scenario says, lists replaced whole. */
export function effective(value: Fields, variant?: string): Fields {
  const { variants, ...base } = value;
  return variant === undefined ? base : { ...fields(merged(base, fields(variants)[variant])), name: variant };
}

export function formOf(value: Fields): Form {
  const hours = numeric(value["hours"], 24);
  const profiles = Object.entries(fields(value["profiles"]));
  return {
    name: String(value["name"] ?? ""),
    start: String(value["start"] ?? "00:00"),
    hours,
    interval: numeric(value["interval"], 30),
    replications: numeric(value["replications"], 5),
    seed: numeric(value["seed"], 1),
    serviceLevel: numeric(value["service_level"], 20),
    warmUp: numeric(value["warm_up"], 0),
    queues: Object.entries(fields(value["queues"])).map(([name, one]) => queueOf(name, fields(one), hours)),
    staff: list(value["staff"]).map((one) => staffOf(fields(one))),
    profiles: profiles.map(([name, one]) => ({ name, concurrency: numbers(fields(one)["concurrency"] ?? { VOICE: 1, CHAT: 2, TASK: 1 }) })),
    places: profiles.flatMap(([profile, one]) => Object.entries(fields(fields(one)["queues"])).map(([queue, place]) => placeOf(profile, queue, place))),
  };
}

function queueOf(name: string, one: Fields, hours: number): QueueView {
  const arrivals = fields(one["arrivals"]);
  const rate = arrivals["per_hour"];
  const recorded = list(arrivals["at"]).length;
  const perHour = Array.isArray(rate) ? rate.map((each) => numeric(each, 0)) : typeof rate === "number" ? [rate] : arrivals["file"] || arrivals["csv"] || recorded ? null : [0];
  return {
    name,
    channel: String(one["channel"] ?? "VOICE"),
    perHour,
    recorded,
    perDay: perHour ? perHour.reduce((sum, each) => sum + (each * hours) / perHour.length, 0) : recorded,
    handle: one["handle"],
    wrap: one["wrap"] ?? 0,
    patience: one["patience"] ?? null,
    limit: typeof one["limit"] === "number" ? one["limit"] : null,
  };
}

function staffOf(one: Fields): StaffView {
  return {
    profile: String(one["profile"] ?? ""),
    count: numeric(one["count"], 1),
    shift: String(one["shift"] ?? ""),
    breaks: list(one["breaks"]).map(String),
    miss: numeric(one["miss"], 0),
    skills: numbers(one["skills"]),
  };
}

function placeOf(profile: string, queue: string, place: unknown): PlaceView {
  if (typeof place === "number") return { profile, queue, priority: place, delay: 0, whole: false };
  const { priority, delay } = fields(place);
  return { profile, queue, priority: numeric(priority, 1), delay: numeric(delay, 0), whole: true };
}

/** The text with another value at a place of the scenario, or of one of its variants. `undefined` takes the place away. */
export function change(text: string, variant: string | undefined, path: Path, to: unknown): string {
  const { document, value } = read(text);
  if (variant === undefined) {
    put(document, path, to);
    return write(document);
  }
  const base = effective(value);
  const index = path.findIndex((step) => typeof step === "number");
  const place = index < 0 ? path : path.slice(0, index);
  const now = index < 0 ? to : withValue(valueAt(effective(value, variant), place), path.slice(index), to);
  const own: Path = ["variants", variant, ...place];
  if (now === undefined || same(now, valueAt(base, place))) {
    document.deleteIn(own);
    prune(document, own.slice(0, -1));
  } else put(document, own, now);
  return write(document);
}

/** The text with one more variant that says what is different. */
export function addVariant(text: string, name: string, changes: Fields = {}): string {
  const { document } = read(text);
  put(document, ["variants", name], changes);
  return write(document);
}

export function renameVariant(text: string, from: string, to: string): string {
  const { document } = read(text);
  const variants = document.get("variants");
  if (!isMap(variants)) return text;
  const pair = variants.items.find((one) => String(one.key) === from);
  if (!pair || variants.has(to)) return text;
  pair.key = document.createNode(to);
  return write(document);
}

export function removeVariant(text: string, name: string): string {
  const { document } = read(text);
  document.deleteIn(["variants", name]);
  prune(document, ["variants"], true);
  return write(document);
}

/** A name that no variant has yet. */
export function freeName(wanted: string, taken: string[]): string {
  let name = wanted;
  for (let number = 2; taken.includes(name); number++) name = `${wanted} ${number}`;
  return name;
}

export interface Difference {
  path: Path;
  before: unknown;
  after: unknown;
}

/** What a variant says otherwise, leaf by leaf. */
export function differences(value: Fields, variant: string): Difference[] {
  const base = effective(value);
  return compare(base, { ...effective(value, variant), name: base["name"] }, []);
}

function compare(before: unknown, after: unknown, path: Path): Difference[] {
  if (same(before, after)) return [];
  const leaf = path.length > 0 && (isDistribution(before) || isDistribution(after) || path.at(-1) === "per_hour");
  if (!leaf && plain(before) && plain(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys.flatMap((key) => compare(before[key], after[key], [...path, key]));
  }
  if (!leaf && Array.isArray(before) && Array.isArray(after) && [...before, ...after].every(plain)) {
    const longest = Math.max(before.length, after.length);
    return Array.from({ length: longest }, (_, at) => compare(before[at], after[at], [...path, at])).flat();
  }
  return [{ path, before, after }];
}

// Lengths of time ---------------------------------------------------------------------------------------------------

export const KINDS = ["constant", "exponential", "lognormal", "gamma", "uniform", "samples"] as const;
export type Kind = (typeof KINDS)[number];

export interface Length {
  kind: Kind;
  mean: number;
  deviation: number | null;
}

/** A described length of time; null where there is none. */
export function lengthOf(described: unknown): Length | null {
  if (typeof described === "number") return { kind: "constant", mean: described, deviation: null };
  if (!plain(described)) return null;
  const [kind, values] = Object.entries(described)[0] ?? [];
  if (kind === "exponential" && typeof values === "number") return { kind, mean: values, deviation: null };
  if ((kind === "lognormal" || kind === "gamma") && plain(values)) return { kind, mean: numeric(values["mean"], 0), deviation: numeric(values["deviation"], 0) };
  if ((kind === "uniform" || kind === "samples") && Array.isArray(values) && values.length) {
    return { kind, mean: values.reduce((sum: number, one) => sum + numeric(one, 0), 0) / values.length, deviation: null };
  }
  return null;
}

/** The same kind of length with another mean (the shape kept); from nothing or zero it becomes exponential. */
export function withMean(described: unknown, mean: number): unknown {
  const now = lengthOf(described);
  if (!now || (now.kind === "constant" && now.mean === 0)) return mean === 0 ? 0 : { exponential: mean };
  if (now.kind === "constant") return mean;
  if (now.kind === "exponential") return { exponential: mean };
  const factor = now.mean ? mean / now.mean : 1;
  if (now.kind === "lognormal" || now.kind === "gamma") return { [now.kind]: { mean, deviation: round((now.deviation ?? 0) * factor, 1) } };
  const values = (described as Record<string, number[]>)[now.kind]!;
  return { [now.kind]: values.map((one) => round(one * factor, 1)) };
}

/** The same mean as another kind of length. */
export function withKind(described: unknown, kind: Kind): unknown {
  const mean = lengthOf(described)?.mean ?? 0;
  const deviation = lengthOf(described)?.deviation ?? round(mean * 0.75, 1);
  if (kind === "constant") return mean;
  if (kind === "exponential") return { exponential: mean };
  if (kind === "lognormal" || kind === "gamma") return { [kind]: { mean, deviation } };
  if (kind === "uniform") return { uniform: [round(mean / 2, 1), round(mean * 1.5, 1)] };
  return { samples: [mean] };
}

function isDistribution(value: unknown): boolean {
  return plain(value) && Object.keys(value).length === 1 && (KINDS as readonly string[]).includes(Object.keys(value)[0]!);
}

// The day ----------------------------------------------------------------------------------------------------------

/** Minutes of a time of day such as 09:30; NaN where it is none. */
export function minutesOf(clock: string): number {
  const match = /^\s*(\d{1,2}):(\d\d)\s*$/.exec(clock);
  return match && Number(match[1]) <= 24 && Number(match[2]) < 60 ? Number(match[1]) * 60 + Number(match[2]) : NaN;
}

/** The time of day so many minutes after another. */
export function clockAt(start: string, minutes: number): string {
  const at = Math.round((minutesOf(start) || 0) + minutes);
  return `${String(Math.floor(at / 60) % 24).padStart(2, "0")}:${String(at % 60).padStart(2, "0")}`;
}

/** Agents on duty and agents' worth of work (contacts times their handling, an agent taking one at a time), by interval. */
export function workAndPeople(form: Form): { work: number[]; people: number[] } {
  const count = Math.max(1, Math.min(Math.ceil((form.hours * 60) / form.interval), 24 * 60));
  const at = (index: number): number => (index + 0.5) * form.interval;
  const work = Array.from({ length: count }, (_, index) =>
    form.queues.reduce((sum, queue) => {
      const rates = queue.perHour ?? [queue.perDay / form.hours];
      const rate = rates[Math.min(rates.length - 1, Math.floor((at(index) / (form.hours * 60)) * rates.length))] ?? 0;
      return sum + (rate / 3600) * ((lengthOf(queue.handle)?.mean ?? 0) + (lengthOf(queue.wrap)?.mean ?? 0));
    }, 0),
  );
  const people = Array.from({ length: count }, (_, index) =>
    form.staff.reduce((sum, one) => {
      const here = !one.shift || within(one.shift, form.start, at(index));
      return sum + (here && !one.breaks.some((pause) => within(pause, form.start, at(index))) ? one.count : 0);
    }, 0),
  );
  return { work, people };
}

function within(span: string, start: string, minute: number): boolean {
  const [from = "", to = ""] = span.split("-");
  const day = 24 * 60;
  const begin = (minutesOf(from) - (minutesOf(start) || 0) + day) % day;
  const length = (minutesOf(to) - minutesOf(from) + day) % day || day;
  return (minute - begin + day) % day < length;
}

/** The list with as many parts as wanted, the shape kept. */
export function inParts(rates: number[], parts: number): number[] {
  return Array.from({ length: parts }, (_, at) => {
    const from = (at / parts) * rates.length;
    const to = ((at + 1) / parts) * rates.length;
    let sum = 0;
    for (let index = Math.floor(from); index < Math.min(Math.ceil(to), rates.length); index++) {
      sum += rates[index]! * (Math.min(to, index + 1) - Math.max(from, index));
    }
    return round(sum / (to - from), 1);
  });
}

// Ready-made variants ----------------------------------------------------------------------------------------------

/** The agents of a scenario with some more (or fewer) in its largest group. */
export function moreAgents(value: Fields, more: number): Fields {
  const staff = list(effective(value)["staff"]).map(fields);
  const largest = staff.reduce((best, one, at) => (numeric(one["count"], 1) > numeric(staff[best]?.["count"], 1) ? at : best), 0);
  return { staff: staff.map((one, at) => (at === largest ? { ...one, count: Math.max(0, numeric(one["count"], 1) + more) } : one)) };
}

/** Every queue's arrivals times a factor. */
export function moreContacts(value: Fields, factor: number): Fields {
  return eachQueue(value, (queue) => {
    const rate = fields(queue["arrivals"])["per_hour"];
    if (Array.isArray(rate)) return { arrivals: { per_hour: rate.map((one) => round(numeric(one, 0) * factor, 1)) } };
    return typeof rate === "number" ? { arrivals: { per_hour: round(rate * factor, 1) } } : {};
  });
}

/** Every queue's handle time times a factor. */
export function otherHandling(value: Fields, factor: number): Fields {
  return eachQueue(value, (queue) => {
    const mean = lengthOf(queue["handle"])?.mean;
    return mean === undefined ? {} : { handle: withMean(queue["handle"], round(mean * factor, 1)) };
  });
}

function eachQueue(value: Fields, made: (queue: Fields) => Fields): Fields {
  const changed = Object.entries(fields(effective(value)["queues"])).map(([name, queue]) => [name, made(fields(queue))] as const);
  return { queues: Object.fromEntries(changed.filter(([, one]) => Object.keys(one).length)) };
}

// Places -----------------------------------------------------------------------------------------------------------

/** `queues.Sales.handle`, `staff.0.shift` or `staff[0].shift` as steps; names may hold dots. */
export function stepsOf(path: string, value: unknown): Path {
  const steps: Path = [];
  let rest = path;
  let here = value;
  while (rest) {
    const index = /^\.?\[(\d+)\]/.exec(rest);
    if (index) {
      steps.push(Number(index[1]));
      rest = rest.slice(index[0].length);
    } else {
      rest = rest.replace(/^\./, "");
      const known = plain(here) ? Object.keys(here).filter((key) => rest === key || rest.startsWith(`${key}.`) || rest.startsWith(`${key}[`)) : [];
      const key = known.sort((one, other) => other.length - one.length)[0] ?? /^[^.[]*/.exec(rest)![0];
      if (!key && !rest.length) break;
      steps.push(Array.isArray(here) && /^\d+$/.test(key) ? Number(key) : key);
      rest = rest.slice(Math.max(key.length, 1));
    }
    const last = steps.at(-1)!;
    here = Array.isArray(here) ? here[Number(last)] : plain(here) ? here[String(last)] : undefined;
  }
  return steps;
}

export function startsWith(path: Path, prefix: Path): boolean {
  return prefix.every((step, at) => path[at] === step);
}

export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((here, step) => (Array.isArray(here) ? here[Number(step)] : plain(here) ? here[String(step)] : undefined), value);
}

export function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

function withValue(value: unknown, path: Path, to: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return to;
  if (typeof step === "number") {
    const copy = [...list(value)];
    if (!rest.length && to === undefined) copy.splice(step, 1);
    else copy[step] = withValue(copy[step], rest, to);
    return copy;
  }
  const { [step]: now, ...others } = fields(value);
  const made = withValue(now, rest, to);
  return made === undefined ? others : { ...fields(value), [step]: made };
}

function put(document: Document, path: Path, to: unknown): void {
  if (to === undefined) {
    document.deleteIn(path);
    return;
  }
  for (let length = 0; length < path.length; length++) {
    const node = length ? document.getIn(path.slice(0, length)) : document.contents;
    if (isMap(node) || isSeq(node)) continue;
    if (length) document.setIn(path.slice(0, length), document.createNode({}));
    else document.contents = document.createNode({}) as typeof document.contents;
  }
  document.setIn(path, typeof to === "object" && to !== null ? styled(document, to) : to);
}

/** Lists of mappings a line each; everything small on one line. */
function styled(document: Document, value: object): Node {
  const node = document.createNode(value, { aliasDuplicateObjects: false });
  const style = (one: unknown): void => {
    if (isMap(one)) {
      one.flow = one.items.length > 0 && one.items.every((pair) => isSmall(pair.value));
      if (!one.flow) one.items.forEach((pair) => style(pair.value));
    } else if (isSeq(one)) {
      one.flow = !one.items.some(isMap);
      one.items.forEach(style);
    }
  };
  style(node);
  return node;
}

function isSmall(value: unknown): boolean {
  if (isMap(value)) return !value.items.some((inner) => isMap(inner.value));
  if (isSeq(value)) return !value.items.some(isMap);
  return !(isScalar(value) && typeof value.value === "string" && value.value.includes("\n"));
}

function prune(document: Document, path: Path, all = false): void {
  for (let length = path.length; length > (all ? 0 : 2); length--) {
    const node = document.getIn(path.slice(0, length));
    if (!isMap(node) || node.items.length) return;
    document.deleteIn(path.slice(0, length));
  }
}

function write(document: Document): string {
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

function merged(base: unknown, changes: unknown): unknown {
  if (changes === undefined || (changes === null && plain(base) && "queues" in base)) return base;
  if (!plain(base) || !plain(changes) || otherKind(base, changes)) return changes;
  return { ...base, ...Object.fromEntries(Object.entries(changes).map(([key, value]) => [key, key in base ? merged(base[key], value) : value])) };
}

/** Times of another kind stand in the place of those that were. */
function otherKind(base: Fields, changes: Fields): boolean {
  return isDistribution(base) && isDistribution(changes) && Object.keys(base)[0] !== Object.keys(changes)[0];
}

function plain(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function fields(value: unknown): Fields {
  return plain(value) ? value : {};
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function numeric(value: unknown, otherwise: number): number {
  return typeof value === "number" && Number.isFinite(value) ? value : otherwise;
}

function numbers(value: unknown): Record<string, number> {
  return Object.fromEntries(Object.entries(fields(value)).filter((one): one is [string, number] => typeof one[1] === "number"));
}

function same(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (Array.isArray(one) && Array.isArray(other)) return one.length === other.length && one.every((each, at) => same(each, other[at]));
  if (!plain(one) || !plain(other)) return false;
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => key in other && same(one[key], other[key]));
}
