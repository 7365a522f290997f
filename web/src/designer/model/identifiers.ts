import { isRecord, withMetadata, type ActionMetadata, type FlowAction, type FlowDocument } from "./document";
import { notesOf } from "./notes";

/** The document with actions called otherwise, everywhere they are named. */
export function renamed(document: FlowDocument, names: ReadonlyMap<string, string>): FlowDocument {
  const to = (id: string): string => names.get(id) ?? id;
  const all = document.Metadata?.ActionMetadata;
  const metadata = isRecord(all)
    ? { ActionMetadata: Object.fromEntries(Object.entries(all).map(([id, one]) => [to(id), isRecord(one) ? linked(one, names) : one])) }
    : {};
  const notes = notesOf(document);
  const annotated = notes.some((note) => note.actionId && names.has(note.actionId))
    ? { Annotations: notes.map((note) => (note.actionId && names.has(note.actionId) ? { ...note, actionId: to(note.actionId) } : note)) }
    : {};
  return withMetadata({ ...document, StartAction: to(document.StartAction), Actions: document.Actions.map((action) => redirected(action, names)) }, { ...metadata, ...annotated });
}

function linked(metadata: ActionMetadata, names: ReadonlyMap<string, string>): ActionMetadata {
  const { fragments, children } = metadata;
  const changed = { ...metadata };
  if (isRecord(fragments)) changed.fragments = Object.fromEntries(Object.entries(fragments).map(([role, id]) => [role, names.get(id) ?? id]));
  if (Array.isArray(children)) changed.children = children.map((id) => names.get(id) ?? id);
  return fragments || children ? changed : metadata;
}

function redirected(action: FlowAction, names: ReadonlyMap<string, string>): FlowAction {
  const to = (id: string): string => names.get(id) ?? id;
  const touches = (id: string | undefined): boolean => id !== undefined && names.has(id);
  const { NextAction, Errors, Conditions } = action.Transitions;
  if (!touches(action.Identifier) && !touches(NextAction) && !Errors?.some((one) => touches(one.NextAction)) && !Conditions?.some((one) => touches(one.NextAction))) return action;
  const Transitions = { ...action.Transitions };
  if (NextAction !== undefined) Transitions.NextAction = to(NextAction);
  if (Errors) Transitions.Errors = Errors.map((one) => (touches(one.NextAction) ? { ...one, NextAction: to(one.NextAction) } : one));
  if (Conditions) Transitions.Conditions = Conditions.map((one) => (touches(one.NextAction) ? { ...one, NextAction: to(one.NextAction) } : one));
  return { ...action, Identifier: to(action.Identifier), Transitions };
}

/** An action that leads nowhere instead of to what is gone. */
export function severed(action: FlowAction, gone: (id: string) => boolean): FlowAction {
  const { NextAction, Errors, Conditions } = action.Transitions;
  const dead = (one: { NextAction: string }): boolean => Boolean(one.NextAction) && gone(one.NextAction);
  const lost = Boolean(NextAction) && gone(NextAction!);
  if (!lost && !Errors?.some(dead) && !Conditions?.some(dead)) return action;
  const Transitions = { ...action.Transitions };
  if (lost) delete Transitions.NextAction;
  if (Errors) Transitions.Errors = Errors.filter((one) => !dead(one));
  if (Conditions) Transitions.Conditions = Conditions.map((one) => (dead(one) ? { ...one, NextAction: "" } : one));
  return { ...action, Transitions };
}
