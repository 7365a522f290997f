import type { TestFlowResponse } from "../../api/switchroom";
import type { FlowDocument } from "../model/document";

/** Something a customer does, as `switchroom flow test` writes it. */
export type Input = string | { says: string } | { keys: string } | { waits: string };

export interface QueueSetup {
  hours: Hours;
  waiting: number;
  oldest: number;
  staffed: number;
  available: number;
  limit: number | null;
}

export type Hours = "open" | "closed" | "configured";
export type Channel = "VOICE" | "CHAT" | "TASK";

export interface FunctionSetup {
  kind: "answer" | "fail" | "timeout";
  answer: string;
}

/** What is chosen before a test, remembered per flow. Queues and hours by name, functions by their name. */
export interface Setup {
  channel: Channel;
  customer: string;
  language: string;
  /** Local date and time, as `datetime-local` has it; empty: when the test begins. */
  at: string;
  attributes: [string, string][];
  queues: Record<string, QueueSetup>;
  hours: Record<string, Hours>;
  functions: Record<string, FunctionSetup>;
  /** JSON of stand-ins; empty: the bots of the instance. */
  bots: string;
}

export const QUEUE: QueueSetup = { hours: "open", waiting: 0, oldest: 0, staffed: 1, available: 1, limit: null };
export const FUNCTION: FunctionSetup = { kind: "answer", answer: "{}" };
export const SETUP: Setup = { channel: "VOICE", customer: "+15550100199", language: "", at: "", attributes: [], queues: {}, hours: {}, functions: {}, bots: "" };

/** What a flow refers to, by name. */
export interface Used {
  queues: string[];
  hours: string[];
  functions: string[];
  bots: boolean;
}

const QUEUE_AT = /(?:\/queue\/|^)([0-9a-f]{8}-[0-9a-f-]{27})/;
const HOURS_AT = /(?:\/operating-hours\/|^)([0-9a-f]{8}-[0-9a-f-]{27})/;
const FUNCTION_AT = /:function:([\w-]+)/;

export function usedBy(document: FlowDocument, names: ReadonlyMap<string, string>): Used {
  const queues = new Set<string>();
  const hours = new Set<string>();
  const functions = new Set<string>();
  let bots = false;
  for (const { Type, Parameters } of document.Actions) {
    const given = Parameters ?? {};
    const named = (value: unknown, pattern: RegExp): string | undefined => {
      const id = typeof value === "string" ? pattern.exec(value)?.[1] : undefined;
      return id && (names.get(id) ?? id);
    };
    const queue = named(given.QueueId, QUEUE_AT);
    const open = named(given.HoursOfOperationId, HOURS_AT);
    const called = typeof given.LambdaFunctionARN === "string" ? FUNCTION_AT.exec(given.LambdaFunctionARN)?.[1] : undefined;
    if (queue) queues.add(queue);
    if (open) hours.add(open);
    if (called) functions.add(called);
    bots ||= Type === "ConnectParticipantWithLexBot";
  }
  return { queues: [...queues].sort(), hours: [...hours].sort(), functions: [...functions].sort(), bots };
}

/** The scenario of a setup; what the flow uses and nobody has chosen is as usual. Throws for JSON that is none. */
export function scenarioOf(setup: Setup, used: Used, started: number): Record<string, unknown> {
  const queues = Object.fromEntries(used.queues.map((name) => [name, queueOf(setup.queues[name] ?? QUEUE)]));
  const hours = Object.fromEntries(used.hours.map((name) => [name, setup.hours[name] ?? "open"]));
  const functions = Object.fromEntries(used.functions.map((name) => [name, answerOf(setup.functions[name] ?? FUNCTION)]));
  const attributes = Object.fromEntries(setup.attributes.filter(([key]) => key));
  return {
    at: new Date(setup.at ? Date.parse(setup.at) : started).toISOString(),
    contact: {
      channel: setup.channel,
      ...(setup.customer && setup.channel === "VOICE" ? { customer: setup.customer } : {}),
      ...(setup.language ? { language: setup.language } : {}),
      ...(Object.keys(attributes).length ? { attributes } : {}),
    },
    ...(used.queues.length ? { queues } : {}),
    ...(used.hours.length ? { hours } : {}),
    ...(used.functions.length ? { functions } : {}),
    ...(used.bots && setup.bots.trim() ? { bots: JSON.parse(setup.bots) as unknown } : {}),
  };
}

function queueOf({ limit, ...state }: QueueSetup): Record<string, unknown> {
  return { ...state, online: state.staffed, ...(limit === null ? {} : { limit }) };
}

function answerOf({ kind, answer }: FunctionSetup): unknown {
  return kind === "answer" ? (JSON.parse(answer || "{}") as unknown) : kind;
}

/** A file for `switchroom flow test` that expects what has happened. */
export function fileOf(flow: string, type: string, scenario: Record<string, unknown>, inputs: readonly Input[], played: TestFlowResponse): string {
  const path: string[] = [];
  for (const step of played.Steps) {
    if (step.Type === "InvokeFlowModule" && step.Outcome === "next") continue;
    if (path.at(-1) !== step.Name) path.push(step.Name);
  }
  return yaml({
    flow,
    ...(type === "CONTACT_FLOW" ? {} : { type }),
    ...asConfigured(scenario),
    customer: [...inputs],
    expect: {
      path,
      said: played.Lines.filter((line) => line.Who !== "customer").map((line) => line.Text),
      ...(played.Queue ? { queue: played.Queue } : {}),
      end: played.End,
    },
  });
}

/** Outside the instance nobody knows its hours. */
function asConfigured(scenario: Record<string, unknown>): Record<string, unknown> {
  return JSON.parse(JSON.stringify(scenario).replaceAll('"configured"', '"open"')) as Record<string, unknown>;
}

/** YAML of plain data: texts that could be read as something else are quoted. */
export function yaml(value: unknown, indent = ""): string {
  if (Array.isArray(value)) return value.map((item) => `${indent}- ${leaf(item, `${indent}  `)}`).join("");
  return Object.entries(value as Record<string, unknown>)
    .filter(([, item]) => item !== undefined)
    .map(([key, item]) => `${indent}${scalar(key)}:${isNested(item) ? `\n${yaml(item, `${indent}  `)}` : ` ${scalar(item)}\n`}`)
    .join("");
}

function leaf(item: unknown, indent: string): string {
  return isNested(item) ? yaml(item, indent).trimStart() : `${scalar(item)}\n`;
}

function isNested(value: unknown): value is object {
  return typeof value === "object" && value !== null && Object.keys(value).length > 0;
}

function scalar(value: unknown): string {
  if (typeof value === "string" && /^[A-Za-z](?:[\w .-]*\w)?$/.test(value) && !/^(?:true|false|yes|no|on|off|null|y|n)$/i.test(value)) return value;
  return JSON.stringify(value);
}
