import type { FlowAction, FlowDocument, FlowTransitions } from "../../src/designer/model/document";

export function action(Identifier: string, Type: string, Parameters: Record<string, unknown> = {}, Transitions: FlowTransitions = {}): FlowAction {
  return { Identifier, Type, Parameters, Transitions };
}

/** A flow as its actions say, each at a place of its own; it begins with the first. */
export function flow(...actions: FlowAction[]): FlowDocument {
  return {
    Version: "2019-10-30",
    StartAction: actions[0]?.Identifier ?? "",
    Metadata: {
      entryPointPosition: { x: 40, y: 40 },
      ActionMetadata: Object.fromEntries(actions.map((one, at) => [one.Identifier, { position: { x: 200 * (at + 1), y: 40 } }])),
      Annotations: [],
    },
    Actions: actions,
  };
}

/** Freezes all the way down, so that an edit that changes what it was given throws. */
export function frozen<Value>(value: Value): Value {
  if (typeof value === "object" && value !== null) {
    Object.values(value).forEach(frozen);
    Object.freeze(value);
  }
  return value;
}
