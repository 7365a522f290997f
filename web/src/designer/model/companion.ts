import type { FlowBlockVariant, FlowCompanion } from "../../api/switchroom";
import { presetOf, type Block } from "./blocks";
import { isRecord, metadataOf, newIdentifier, withActionMetadata, withActions, type ActionMetadata, type FlowAction, type FlowDocument } from "./document";
import { renamed } from "./identifiers";

const ROLE: Record<string, string> = { UpdateContactData: "SetContactData" };

/** Gives a block its second action with these parameters, changes it, or takes it away where there are none. */
export function companionChanged(document: FlowDocument, block: Block, variant: FlowBlockVariant | null, parameters: Record<string, unknown>): { document: FlowDocument; id: string } {
  const wanted = variant?.Companion;
  const needed = wanted !== undefined && (Object.keys(parameters).length > 0 || !wanted.Fields.length);
  if (!needed) return block.companion ? without(document, block) : { document, id: block.id };
  const filled = { ...presetOf(wanted.Preset), ...parameters };
  if (block.companion) {
    const changed = { ...block.companion, Type: wanted.ActionType, Parameters: filled };
    return { document: withActions(document, (action) => (action.Identifier === changed.Identifier ? changed : action)), id: block.id };
  }
  return wanted.Before ? withBefore(document, block, wanted, filled) : withBehind(document, block, wanted, filled);
}

function withBehind(document: FlowDocument, block: Block, companion: FlowCompanion, parameters: Record<string, unknown>): { document: FlowDocument; id: string } {
  const id = newIdentifier();
  const { NextAction: next } = block.main.Transitions;
  const second: FlowAction = { Identifier: id, Type: companion.ActionType, Parameters: parameters, Transitions: next ? { NextAction: next } : {} };
  if (next) second.Transitions.Errors = [{ NextAction: next, ErrorType: "NoMatchingError" }];
  const first = { ...block.main, Transitions: { ...block.main.Transitions, NextAction: id } };
  return { document: told(inserted(document, block.main.Identifier, [first, second]), first, second), id: block.id };
}

/** The second action comes first, so it takes over the identifier, and with it the name and everything that leads here. */
function withBefore(document: FlowDocument, block: Block, companion: FlowCompanion, parameters: Record<string, unknown>): { document: FlowDocument; id: string } {
  const id = block.main.Identifier;
  const moved: FlowAction = { ...block.main, Identifier: newIdentifier() };
  const errors = (moved.Transitions.Errors ?? []).filter((one) => one.ErrorType === "NoMatchingError");
  const leading: FlowAction = { Identifier: id, Type: companion.ActionType, Parameters: parameters, Transitions: { NextAction: moved.Identifier, ...(errors.length ? { Errors: errors } : {}) } };
  return { document: told(inserted(document, id, [leading, moved]), leading, moved), id };
}

function inserted(document: FlowDocument, at: string, actions: FlowAction[]): FlowDocument {
  return { ...document, Actions: document.Actions.flatMap((action) => (action.Identifier === at ? actions : [action])) };
}

/** Notes in the metadata that the two are one block. */
function told(document: FlowDocument, head: FlowAction, tail: FlowAction): FlowDocument {
  const own = metadataOf(document, head.Identifier);
  const metadata: ActionMetadata = { ...own, children: [tail.Identifier], fragments: { ...own.fragments, [ROLE[tail.Type] ?? tail.Type]: tail.Identifier } };
  return withActionMetadata(document, { [head.Identifier]: metadata, [tail.Identifier]: own.position ? { position: own.position, dynamicParams: [] } : {} });
}

function without(document: FlowDocument, block: Block): { document: FlowDocument; id: string } {
  const [head, tail] = block.actions as [FlowAction, FlowAction];
  const own = untold(metadataOf(document, head.Identifier));
  const bare = withActionMetadata(document, { [head.Identifier]: own, [tail.Identifier]: null });
  const { main } = block;
  if (main === head) {
    const { NextAction: _, ...others } = main.Transitions;
    const next = tail.Transitions.NextAction;
    const freed = { ...main, Transitions: next ? { ...others, NextAction: next } : others };
    return { document: withActions(bare, (action) => (action.Identifier === tail.Identifier ? null : action.Identifier === main.Identifier ? freed : action)), id: block.id };
  }
  const left = withActions(bare, (action) => (action.Identifier === head.Identifier ? null : action));
  const kept = renamed(withActionMetadata(left, { [head.Identifier]: null }), new Map([[main.Identifier, head.Identifier]]));
  return { document: withActionMetadata(kept, { [head.Identifier]: own }), id: head.Identifier };
}

function untold(metadata: ActionMetadata): ActionMetadata {
  const { children: _, fragments: __, ...kept } = metadata;
  return isRecord(metadata) ? kept : {};
}
