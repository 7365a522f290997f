import { describe, expect, it } from "vitest";
import { CHANGE_KINDS, flowChange } from "../src/admin/flows/changeKinds";
import { ENTRY_EDGE } from "../src/designer/canvas/marks";
import { catalogueOf, EMPTY_CATALOGUE } from "../src/designer/model/catalogue";
import type { FlowAction, FlowDocument } from "../src/designer/model/document";
import { compare, isEmpty } from "../src/designer/versions/changes";
import type { Change, FlowBlock } from "../src/api/switchroom";

const words = { name: "Name", type: "Type", resource: (value: string) => ({ "arn:q1": "Sales", "arn:q2": "Support" })[value] };

function action(id: string, type: string, parameters: Record<string, unknown> = {}, next?: string): FlowAction {
  return { Identifier: id, Type: type, Parameters: parameters, Transitions: next ? { NextAction: next } : {} };
}

function flow(actions: FlowAction[], places: Record<string, [number, number]> = {}, notes: { id: string; content: string }[] = []): FlowDocument {
  const ActionMetadata = Object.fromEntries(Object.entries(places).map(([id, [x, y]]) => [id, { position: { x, y } }]));
  return { Version: "2019-10-30", StartAction: actions[0]?.Identifier ?? "", Metadata: { ActionMetadata, Annotations: notes }, Actions: actions };
}

const QUEUE: FlowBlock = {
  Key: "set-working-queue", Name: "Set working queue", About: "", Group: "SET", FlowTypes: ["CONTACT_FLOW"], Channels: {}, Available: true,
  Variants: [
    {
      Key: "queue", ActionType: "UpdateContactTargetQueue", Tells: [], Preset: "{}",
      Fields: [{ Path: "QueueId", Label: "Queue", Kind: "RESOURCE", Required: true, Manual: true, Dynamic: true }],
      Branches: [{ Kind: "NEXT", Label: "Success", Required: true }],
    },
  ],
};
const catalogue = catalogueOf({ Blocks: [QUEUE], Namespaces: [] });

describe("two versions of a flow", () => {
  it("do not differ where nothing changed, whatever the order of their actions", () => {
    const [a, b] = [action("a", "Wait", {}, "b"), action("b", "DisconnectParticipant")];
    const first = flow([a, b]);
    expect(isEmpty(compare(first, { ...first, Actions: [b, a] }, EMPTY_CATALOGUE, words))).toBe(true);
  });

  it("tell what came, what went and what is set to something else, by the names a person knows", () => {
    const before = flow([action("q", "UpdateContactTargetQueue", { QueueId: "arn:q1" }, "old"), action("old", "Wait")], { old: [300, 0] });
    const after = flow([action("q", "UpdateContactTargetQueue", { QueueId: "arn:q2" }, "new"), action("new", "DisconnectParticipant")], { new: [300, 200] });
    const found = compare(before, after, catalogue, words);
    expect(found.blocks.map((one) => [one.id, one.kind])).toEqual([["new", "added"], ["q", "changed"], ["old", "removed"]]);
    expect(found.blocks[1]).toMatchObject({
      title: "q",
      type: "Set working queue",
      settings: [{ label: "Queue", before: "Sales", after: "Support" }],
      connections: [{ label: "Success", before: "old", after: "new" }],
    });
    expect(Object.fromEntries(found.marks)).toEqual({ new: "added", q: "changed", old: "removed" });
    expect(found.edgeMarks.get("q|next")).toBe("changed");
  });

  it("show in one document what is gone beside what is there, and leave the later version as it is", () => {
    const before = flow([action("a", "Wait", {}, "gone"), action("gone", "Loop", { LoopCount: "2" }, "a")], { gone: [10, 20] }, [{ id: "n1", content: "old note" }]);
    const after = flow([action("a", "Wait")]);
    const copy = structuredClone(after);
    const { document, notes } = compare(before, after, EMPTY_CATALOGUE, words);
    expect(document.Actions.map((one) => one.Identifier)).toEqual(["a", "gone"]);
    expect(document.Metadata?.ActionMetadata?.["gone"]?.position).toEqual({ x: 10, y: 20 });
    expect(notes).toEqual([{ id: "n1", kind: "removed", before: "old note", after: "" }]);
    expect(after).toEqual(copy);
  });

  it("draw a connection that was cut", () => {
    const before = flow([action("a", "Wait", {}, "b"), action("b", "DisconnectParticipant")], { a: [0, 0], b: [300, 0] });
    const after = flow([action("a", "Wait"), action("b", "DisconnectParticipant")], { a: [0, 0], b: [300, 0] });
    const found = compare(before, after, EMPTY_CATALOGUE, words);
    expect(found.blocks[0]!.connections).toMatchObject([{ before: "b", after: "" }]);
    expect(found.edgeMarks.get("a|next")).toBe("removed");
    expect(found.document.Actions[0]!.Transitions.NextAction).toBe("b");
  });

  it("know a block that was renamed, and what leads to it", () => {
    const before = flow([action("a", "Wait", {}, "b"), action("b", "MessageParticipant", { Text: "Hi" })], { a: [0, 0], b: [300, 0] });
    const after = flow([action("a", "Wait", {}, "Greeting"), action("Greeting", "MessageParticipant", { Text: "Hi" })], { a: [0, 0], Greeting: [300, 0] });
    const found = compare(before, after, EMPTY_CATALOGUE, words);
    expect(found.blocks.map((one) => [one.id, one.kind, one.connections])).toEqual([["Greeting", "changed", []]]);
    expect(found.blocks[0]!.settings[0]).toMatchObject({ label: "Name", after: "Greeting" });
  });

  it("tell a block that only moved, and another beginning", () => {
    const a = action("a", "Wait", {}, "b");
    const b = action("b", "DisconnectParticipant");
    const before = flow([a, b], { a: [0, 0], b: [300, 0] });
    const after = { ...flow([a, b], { a: [0, 0], b: [300, 400] }), StartAction: "b" };
    const found = compare(before, after, EMPTY_CATALOGUE, words);
    expect(found.blocks.map((one) => [one.id, one.kind])).toEqual([["b", "moved"]]);
    expect(found.start).toEqual({ label: "", before: "a", after: "b" });
    expect(found.edgeMarks.get(ENTRY_EDGE)).toBe("changed");
  });
});

describe("changes of flows", () => {
  const change = (before: object | null, after: object | null, Action: Change["Action"] = "UPDATED"): Change => ({
    ChangeId: "1", At: 1, Action, ResourceType: "contact-flow", ResourceId: "f", Before: before ? JSON.stringify(before) : undefined, After: after ? JSON.stringify(after) : undefined,
  });

  it("are called what a person did", () => {
    const state = { Name: "A", State: "ACTIVE", Version: 1, Content: "1", SavedContent: null };
    const kinds = [
      change(null, state, "CREATED"),
      change(state, null, "DELETED"),
      change(state, { ...state, Version: 2, Content: "2" }),
      change(state, { ...state, SavedContent: "2" }),
      change(state, { ...state, State: "ARCHIVED" }),
      change({ ...state, State: "ARCHIVED" }, state),
      change(state, { ...state, Name: "B" }),
      change(state, state, "TAGGED"),
      change(state, { ...state, Other: 1 }),
    ].map((one) => flowChange(one).kind);
    expect(kinds).toEqual([...CHANGE_KINDS]);
    expect(flowChange(change(state, { ...state, Version: 2, Content: "2" }))).toMatchObject({ version: 2, before: "1", after: "2" });
  });
});
