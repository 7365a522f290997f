/** The document of a flow, exactly as it is stored. Every edit makes a new document that shares what did not change. */

export interface Point {
  x: number;
  y: number;
}

export interface FlowCondition {
  NextAction: string;
  Condition: { Operator: string; Operands: unknown[]; [key: string]: unknown };
  [key: string]: unknown;
}

export interface FlowError {
  NextAction: string;
  ErrorType: string;
  [key: string]: unknown;
}

export interface FlowTransitions {
  NextAction?: string;
  Errors?: FlowError[];
  Conditions?: FlowCondition[];
  [key: string]: unknown;
}

export interface FlowAction {
  Identifier: string;
  Type: string;
  Parameters: Record<string, unknown>;
  Transitions: FlowTransitions;
  [key: string]: unknown;
}

/** What the designer keeps about one action besides what runs. */
export interface ActionMetadata {
  position?: Point;
  /** The identifier is a name that a person gave. */
  isFriendlyName?: boolean;
  friendlyName?: string;
  /** By role: the action that is drawn in the same block. */
  fragments?: Record<string, string>;
  children?: string[];
  /** By parameter: `displayName` of what is referred to, `useDynamic`. */
  parameters?: Record<string, unknown>;
  conditionMetadata?: Record<string, unknown>[];
  [key: string]: unknown;
}

/** A note on the canvas; attached to a block where `actionId` names one. */
export interface FlowNote {
  id: string;
  content: string;
  type?: string;
  actionId?: string;
  isFolded?: boolean;
  position?: Point;
  size?: { height: number; width: number };
  [key: string]: unknown;
}

export interface FlowMetadata {
  entryPointPosition?: Point;
  ActionMetadata?: Record<string, ActionMetadata>;
  Annotations?: FlowNote[];
  [key: string]: unknown;
}

export interface FlowDocument {
  Version: string;
  StartAction: string;
  Metadata?: FlowMetadata;
  Actions: FlowAction[];
  [key: string]: unknown;
}

export const FLOW_VERSION = "2019-10-30";
const ENTRY: Point = { x: 40, y: 40 };
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function emptyDocument(): FlowDocument {
  return { Version: FLOW_VERSION, StartAction: "", Metadata: { entryPointPosition: ENTRY, ActionMetadata: {}, Annotations: [] }, Actions: [] };
}

/** The text as a flow, each action with `Parameters` and `Transitions`; null where it is no flow of this language. */
export function parseDocument(text: string): FlowDocument | null {
  try {
    return asDocument(JSON.parse(text));
  } catch {
    return null;
  }
}

export function asDocument(value: unknown): FlowDocument | null {
  if (!isRecord(value) || value["Version"] !== FLOW_VERSION || !Array.isArray(value["Actions"])) return null;
  const actions: FlowAction[] = [];
  const seen = new Set<string>();
  for (const one of value["Actions"]) {
    if (!isRecord(one) || typeof one["Identifier"] !== "string" || typeof one["Type"] !== "string" || seen.has(one["Identifier"])) return null;
    seen.add(one["Identifier"]);
    actions.push(isRecord(one["Parameters"]) && isRecord(one["Transitions"]) ? (one as FlowAction) : whole(one));
  }
  return { ...value, Version: FLOW_VERSION, StartAction: typeof value["StartAction"] === "string" ? value["StartAction"] : "", Actions: actions };
}

function whole(raw: Record<string, unknown>): FlowAction {
  return {
    ...raw,
    Parameters: isRecord(raw["Parameters"]) ? raw["Parameters"] : {},
    Transitions: isRecord(raw["Transitions"]) ? raw["Transitions"] : {},
  } as FlowAction;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function newIdentifier(): string {
  return crypto.randomUUID();
}

export function isGenerated(identifier: string): boolean {
  return UUID.test(identifier);
}

export function actionOf(document: FlowDocument, id: string): FlowAction | undefined {
  return document.Actions.find((action) => action.Identifier === id);
}

const NOTHING: ActionMetadata = {};

export function metadataOf(document: FlowDocument, id: string): ActionMetadata {
  const all = document.Metadata?.ActionMetadata;
  const found = isRecord(all) && Object.hasOwn(all, id) ? all[id] : undefined;
  return isRecord(found) ? found : NOTHING;
}

/** The point of an action; older writers spell it `Position` with `X` and `Y`. */
export function positionOf(document: FlowDocument, id: string): Point | null {
  const metadata = metadataOf(document, id);
  return asPoint(metadata.position) ?? asPoint(metadata["Position"]);
}

export function entryPosition(document: FlowDocument): Point {
  return asPoint(document.Metadata?.entryPointPosition) ?? asPoint(document.Metadata?.["EntryPointPosition"]) ?? ENTRY;
}

function asPoint(value: unknown): Point | null {
  if (!isRecord(value)) return null;
  const x = Number(value["x"] ?? value["X"]);
  const y = Number(value["y"] ?? value["Y"]);
  return Number.isFinite(x) && Number.isFinite(y) ? { x, y } : null;
}

/** The name a person gave the action, or nothing where it goes by a generated identifier. */
export function givenName(document: FlowDocument, id: string): string {
  const metadata = metadataOf(document, id);
  if (typeof metadata.friendlyName === "string" && metadata.friendlyName) return metadata.friendlyName;
  if (metadata.isFriendlyName === false) return "";
  return metadata.isFriendlyName === true || !isGenerated(id) ? id : "";
}

export function withMetadata(document: FlowDocument, change: Partial<FlowMetadata>): FlowDocument {
  return { ...document, Metadata: { ...document.Metadata, ...change } };
}

/** Sets metadata of actions; null takes an action's away. */
export function withActionMetadata(document: FlowDocument, changes: Record<string, ActionMetadata | null>): FlowDocument {
  const all: Record<string, ActionMetadata> = { ...document.Metadata?.ActionMetadata };
  for (const [id, change] of Object.entries(changes)) {
    if (change) all[id] = change;
    else delete all[id];
  }
  return withMetadata(document, { ActionMetadata: all });
}

export function withActions(document: FlowDocument, change: (action: FlowAction) => FlowAction | null): FlowDocument {
  let changed = false;
  const actions: FlowAction[] = [];
  for (const action of document.Actions) {
    const now = change(action);
    if (now !== action) changed = true;
    if (now) actions.push(now);
  }
  return changed ? { ...document, Actions: actions } : document;
}
