import { edgeKey, ENTRY_EDGE, type Mark } from "../canvas/marks";
import { blocksOf, ownersOf, type Block } from "../model/blocks";
import type { Catalogue } from "../model/catalogue";
import type { FlowDocument } from "../model/document";

/** A block that a run came to. `Outcome` is empty while it waits there. */
export interface Stop {
  FlowId: string;
  Action: string;
  Outcome: string;
}

export interface Marks {
  marks: ReadonlyMap<string, Mark>;
  edgeMarks: ReadonlyMap<string, Mark>;
}

export interface Drawn {
  blocks: ReadonlyMap<string, Block>;
  owners: ReadonlyMap<string, string>;
}

export function drawn(document: FlowDocument, catalogue: Catalogue): Drawn {
  const blocks = blocksOf(document, catalogue);
  return { blocks: new Map(blocks.map((block) => [block.id, block])), owners: ownersOf(blocks) };
}

/** What a run did in a flow, up to the stop `upto`, which is the one looked at. */
export function marksOf(stops: readonly Stop[], upto: number, flowId: string, { blocks, owners }: Drawn): Marks {
  const marks = new Map<string, Mark>();
  const edgeMarks = new Map<string, Mark>();
  stops.slice(0, upto + 1).forEach((stop) => {
    const id = stop.FlowId === flowId ? owners.get(stop.Action) : undefined;
    if (!id) return;
    if (!marks.size) edgeMarks.set(ENTRY_EDGE, "taken");
    if (marks.get(id) !== "failed") marks.set(id, isFailure(stop.Outcome) ? "failed" : "taken");
    const outcome = blocks.get(id)?.outcomes.find((one) => one.key === stop.Outcome);
    if (outcome) edgeMarks.set(edgeKey(id, outcome.key), isFailure(stop.Outcome) ? "failed" : "taken");
  });
  const last = stops[upto];
  const current = last && last.FlowId === flowId && owners.get(last.Action);
  if (current && last.Outcome !== "failed") marks.set(current, "current");
  return { marks, edgeMarks };
}

export function isFailure(outcome: string): boolean {
  return outcome === "failed" || (outcome.startsWith("error:") && outcome !== "error:NoMatchingCondition" && outcome !== "error:InputTimeLimitExceeded");
}

/** One row a member of a JSON object, named by its path; `before` or `after` is undefined where there is none. */
export interface Difference {
  path: string;
  before?: string;
  after?: string;
}

/** Every value that can be read after a step or could be before it, by its JSONPath. */
export function differences(before: string | undefined, after: string | undefined): Difference[] {
  const old = leaves(before);
  const now = leaves(after);
  return [...new Set([...now.keys(), ...old.keys()])].sort().map((path) => ({ path, before: old.get(path), after: now.get(path) }));
}

function leaves(text: string | undefined): Map<string, string> {
  const found = new Map<string, string>();
  const walk = (value: unknown, path: string): void => {
    if (value !== null && typeof value === "object" && !Array.isArray(value) && Object.keys(value).length) {
      for (const [key, item] of Object.entries(value)) walk(item, `${path}${/^[A-Za-z0-9_-]+$/.test(key) ? `.${key}` : `['${key}']`}`);
    } else if (value !== undefined && value !== null && JSON.stringify(value) !== "{}") found.set(path, typeof value === "string" ? value : JSON.stringify(value));
  };
  if (text) walk(JSON.parse(text), "$");
  return found;
}
