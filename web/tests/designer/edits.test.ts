import { describe, expect, it } from "vitest";
import { blockOf, blocksOf } from "../../src/designer/model/blocks";
import { actionOf, emptyDocument, metadataOf, type FlowDocument } from "../../src/designer/model/document";
import { addBlock, applyChange, connect, connectStart, ENTRY_ID, move, remove, rename } from "../../src/designer/model/edits";
import { addNote } from "../../src/designer/model/notes";
import { CATALOGUE } from "./catalogue";
import { action, flow, frozen } from "./flow";

const AT = { x: 300, y: 100 };
const add = (document: FlowDocument, key: string, variant?: string, type = "CONTACT_FLOW") => addBlock(document, CATALOGUE, type, key, variant, AT);
const targets = (document: FlowDocument, id: string): Record<string, string | null> =>
  Object.fromEntries(blockOf(document, CATALOGUE, id)!.outcomes.map((outcome) => [outcome.label, outcome.target]));

describe("adding", () => {
  it("begins with the preset and the defaults at its place", () => {
    const { document, id } = add(frozen(emptyDocument()), "get-customer-input");
    expect(actionOf(document, id)).toMatchObject({ Type: "GetParticipantInput", Parameters: { StoreInput: "False", InputTimeLimitSeconds: "5" }, Transitions: {} });
    expect(metadataOf(document, id).position).toEqual(AT);
    expect(actionOf(add(document, "get-customer-input", "bot").document, id)).toBeDefined();
  });
  it("takes the variant of the type of flow", () => {
    const { document, id } = add(emptyDocument(), "transfer-to-queue", undefined, "CUSTOMER_QUEUE");
    expect(actionOf(document, id)!.Type).toBe("DequeueContactAndTransferToQueue");
  });
});

describe("connecting", () => {
  const document = frozen(flow(action("a", "CheckHoursOfOperation"), action("b", "MessageParticipant"), action("c", "DisconnectParticipant")));
  it("stores each kind of outcome in its place and replaces its one target", () => {
    let now = connect(document, CATALOGUE, "a", "branch:True", "b");
    now = connect(now, CATALOGUE, "a", "error:NoMatchingError", "c");
    now = connect(now, CATALOGUE, "b", "next", "c");
    now = connect(now, CATALOGUE, "b", "next", "a");
    expect(actionOf(now, "a")!.Transitions).toEqual({
      Conditions: [{ NextAction: "b", Condition: { Operator: "Equals", Operands: ["True"] } }],
      Errors: [{ NextAction: "c", ErrorType: "NoMatchingError" }],
    });
    expect(actionOf(now, "b")!.Transitions).toEqual({ NextAction: "a" });
    now = connect(now, CATALOGUE, "a", "condition:0", null);
    expect(targets(now, "a")).toEqual({ "In hours": null, "Out of hours": null, Error: "c" });
    expect(actionOf(connect(now, CATALOGUE, "a", "error:NoMatchingError", null), "a")!.Transitions.Errors).toEqual([]);
    expect(connectStart(now, "b").StartAction).toBe("b");
    expect(connectStart(now, null).StartAction).toBe("");
  });
  it("does not show what an exported block says twice, and keeps both the same", () => {
    const exported = flow(
      action("a", "Compare", { ComparisonValue: "$.Channel" }, { NextAction: "b", Errors: [{ ErrorType: "NoMatchingCondition", NextAction: "b" }] }),
      action("b", "DisconnectParticipant"),
      action("c", "DisconnectParticipant"),
    );
    expect(Object.values(targets(exported, "a"))).toEqual(["b"]);
    const moved = connect(exported, CATALOGUE, "a", "error:NoMatchingCondition", "c");
    expect(actionOf(moved, "a")!.Transitions).toEqual({ NextAction: "c", Errors: [{ ErrorType: "NoMatchingCondition", NextAction: "c" }] });
    expect(actionOf(connect(exported, CATALOGUE, "a", "error:NoMatchingCondition", null), "a")!.Transitions.NextAction).toBeUndefined();
  });
  it("stores the operator of a branch that needs one", () => {
    const staffing = flow(action("a", "CheckMetricData", { MetricType: "NumberOfAgentsStaffed" }));
    expect(actionOf(connect(staffing, CATALOGUE, "a", "branch:0", "a"), "a")!.Transitions.Conditions).toEqual([
      { NextAction: "a", Condition: { Operator: "NumberGreaterThan", Operands: ["0"] } },
    ]);
  });
  it("leaves by the second of two joined actions, and takes hidden errors along", () => {
    const joined = flow(
      action("voice", "UpdateContactTextToSpeechVoice", {}, { NextAction: "language" }),
      action("language", "UpdateContactData", { LanguageCode: "ja-JP" }, { NextAction: "x", Errors: [{ ErrorType: "NoMatchingError", NextAction: "x" }] }),
      action("x", "DisconnectParticipant"),
      action("y", "DisconnectParticipant"),
    );
    const now = connect(joined, CATALOGUE, "voice", "next", "y");
    expect(actionOf(now, "voice")!.Transitions.NextAction).toBe("language");
    expect(actionOf(now, "language")!.Transitions).toEqual({ NextAction: "y", Errors: [{ ErrorType: "NoMatchingError", NextAction: "y" }] });
  });
});

describe("moving", () => {
  it("moves blocks, the entry point and the notes on a block", () => {
    const before = flow(action("a", "MessageParticipant"));
    const { document, id } = addNote(before, { x: 210, y: 0 }, "a", "hi");
    const now = move(frozen(document), CATALOGUE, { a: { x: 300, y: 90.04 }, [ENTRY_ID]: { x: 1, y: 2 } });
    expect(metadataOf(now, "a").position).toEqual({ x: 300, y: 90 });
    expect(now.Metadata!.Annotations).toMatchObject([{ id, position: { x: 310, y: 50 } }]);
    expect(now.Metadata!.entryPointPosition).toEqual({ x: 1, y: 2 });
  });
  it("writes the position in the usual spelling where it was read in another", () => {
    const document = flow(action("a", "MessageParticipant"));
    document.Metadata!.ActionMetadata = { a: { Position: { X: 5, Y: 6 }, kept: 1 } };
    expect(blocksOf(document, CATALOGUE)[0]).toMatchObject({ position: { x: 5, y: 6 }, placed: true });
    expect(metadataOf(move(document, CATALOGUE, { a: { x: 7, y: 8 } }), "a")).toEqual({ kept: 1, position: { x: 7, y: 8 } });
  });
});

describe("removing", () => {
  it("FLOW-40: takes the notes of the block and every connection to it along", () => {
    const before = flow(
      action("a", "GetParticipantInput", { StoreInput: "False" }, { Conditions: [{ NextAction: "b", Condition: { Operator: "Equals", Operands: ["1"] } }], Errors: [{ ErrorType: "NoMatchingError", NextAction: "b" }, { ErrorType: "InputTimeLimitExceeded", NextAction: "a" }] }),
      action("b", "MessageParticipant", {}, { NextAction: "a" }),
    );
    const noted = addNote(addNote(before, AT, "b", "on b").document, AT, undefined, "free").document;
    const now = remove(frozen(noted), CATALOGUE, new Set(["b"]));
    expect(now.Actions).toHaveLength(1);
    expect(actionOf(now, "a")!.Transitions).toEqual({
      Conditions: [{ NextAction: "", Condition: { Operator: "Equals", Operands: ["1"] } }],
      Errors: [{ ErrorType: "InputTimeLimitExceeded", NextAction: "a" }],
    });
    expect(Object.keys(now.Metadata!.ActionMetadata!)).toEqual(["a"]);
    expect(now.Metadata!.Annotations!.map((note) => note.content)).toEqual(["free"]);
    expect(remove(now, CATALOGUE, new Set(["a"])).StartAction).toBe("");
  });
});

describe("renaming", () => {
  it("FLOW-38: makes the name the identifier everywhere", () => {
    const before = flow(
      action("a", "UpdateContactTextToSpeechVoice", {}, { NextAction: "b" }),
      action("b", "UpdateContactData", { LanguageCode: "ja-JP" }, { NextAction: "a" }),
      action("c", "Loop", {}, { Conditions: [{ NextAction: "a", Condition: { Operator: "Equals", Operands: ["DoneLooping"] } }] }),
    );
    before.Metadata!.ActionMetadata!["a"]!.fragments = { SetContactData: "b" };
    const { document, id } = rename(frozen(addNote(before, AT, "a", "n").document), "a", "My voice");
    expect(id).toBe("My voice");
    expect(document.StartAction).toBe("My voice");
    expect(actionOf(document, "b")!.Transitions.NextAction).toBe("My voice");
    expect(actionOf(document, "c")!.Transitions.Conditions![0]!.NextAction).toBe("My voice");
    expect(metadataOf(document, "My voice")).toMatchObject({ isFriendlyName: true, fragments: { SetContactData: "b" } });
    expect(document.Metadata!.Annotations![0]!.actionId).toBe("My voice");
    const unnamed = rename(document, "My voice", "");
    expect(blockOf(unnamed.document, CATALOGUE, unnamed.id)).toMatchObject({ name: "", title: "Set voice" });
  });
});

describe("applying a panel", () => {
  const menu = frozen(flow(
    action("a", "GetParticipantInput", { StoreInput: "False", Unknown: 1 }, {
      Conditions: ["1", "2"].map((key, at) => ({ NextAction: at ? "c" : "b", Condition: { Operator: "Equals", Operands: [key] } })),
      Errors: [{ ErrorType: "NoMatchingError", NextAction: "c" }, { ErrorType: "InputTimeLimitExceeded", NextAction: "b" }],
    }),
    action("b", "MessageParticipant"),
    action("c", "DisconnectParticipant"),
  ));
  const equals = (...operands: string[]) => operands.map((operand) => ({ operator: "Equals", operand }));

  it("keeps the connections of rows that stay, move or are edited in place", () => {
    const parameters = actionOf(menu, "a")!.Parameters;
    const rows = (conditions: ReturnType<typeof equals>) => targets(applyChange(menu, CATALOGUE, "a", { variant: "dtmf", parameters, conditions }).document, "a");
    expect(rows(equals("2", "1"))).toMatchObject({ "Pressed 2": "c", "Pressed 1": "b", Error: "c", Timeout: "b" });
    expect(rows(equals("1", "5"))).toMatchObject({ "Pressed 1": "b", "Pressed 5": "c" });
    expect(rows(equals("1", "2", "3"))).toMatchObject({ "Pressed 1": "b", "Pressed 2": "c", "Pressed 3": null });
    expect(Object.keys(rows(equals("2")))).toEqual(["Pressed 2", "Timeout", "Default", "Error"]);
  });
  it("drops the outcomes that another variant does not have", () => {
    const { document } = applyChange(menu, CATALOGUE, "a", { variant: "bot", parameters: { LexV2Bot: { AliasArn: "arn:bot" } }, conditions: equals("Book") });
    expect(actionOf(document, "a")).toEqual({
      Identifier: "a",
      Type: "ConnectParticipantWithLexBot",
      Parameters: { LexV2Bot: { AliasArn: "arn:bot" } },
      Transitions: { Conditions: [{ NextAction: "b", Condition: { Operator: "Equals", Operands: ["Book"] } }], Errors: [{ ErrorType: "NoMatchingError", NextAction: "c" }] },
    });
  });
  it("adds, changes and removes the second action", () => {
    const before = flow(action("v", "UpdateContactTextToSpeechVoice", {}, { NextAction: "e" }), action("e", "DisconnectParticipant"));
    const change = (document: FlowDocument, companion: Record<string, unknown>) => applyChange(document, CATALOGUE, "v", { variant: "only", parameters: { TextToSpeechVoice: "Mizuki" }, companion }).document;
    const joined = change(frozen(before), { LanguageCode: "ja-JP" });
    expect(joined.Actions).toHaveLength(3);
    expect(metadataOf(joined, "v").fragments).toEqual({ SetContactData: joined.Actions[1]!.Identifier });
    expect(targets(joined, "v")).toEqual({ Success: "e" });
    expect(blockOf(change(joined, { LanguageCode: "en-US" }), CATALOGUE, "v")!.companion!.Parameters).toEqual({ LanguageCode: "en-US" });
    const bare = change(joined, {});
    expect(bare.Actions.map((one) => one.Transitions)).toEqual([{ NextAction: "e" }, {}]);
    expect(metadataOf(bare, "v")).toEqual({ position: { x: 200, y: 40 } });
  });
  it("keeps what leads to a block whose second action comes first", () => {
    const before = flow(action("m", "MessageParticipant", {}, { NextAction: "s" }), action("s", "StartVoiceIdStream", {}, { NextAction: "m", Errors: [{ ErrorType: "NoMatchingError", NextAction: "m" }] }));
    const joined = applyChange(before, CATALOGUE, "s", { variant: "only", parameters: {}, companion: { CustomerId: "$.x" } });
    expect(joined.id).toBe("s");
    expect(targets(joined.document, "m")).toMatchObject({ Success: "s" });
    expect(targets(joined.document, "s")).toEqual({ Success: "m", Error: "m" });
    const bare = applyChange(joined.document, CATALOGUE, "s", { variant: "only", parameters: {}, companion: {} }).document;
    expect(bare.Actions).toEqual(before.Actions);
  });
  it("brings names of resources and conditions in the metadata up to date", () => {
    const before = flow(action("q", "UpdateContactTargetQueue", { QueueId: "arn:old" }));
    Object.assign(before.Metadata!.ActionMetadata!["q"]!, { parameters: { QueueId: { displayName: "Old" }, Other: { displayName: "kept" } }, queue: { text: "x" } });
    const apply = (QueueId: string, labels?: Record<string, string>) => metadataOf(applyChange(before, CATALOGUE, "q", { variant: "queue", parameters: { QueueId }, labels }).document, "q");
    expect(apply("arn:new", { QueueId: "New" })).toMatchObject({ parameters: { QueueId: { displayName: "New" }, Other: { displayName: "kept" } }, queue: { text: "x" } });
    expect(apply("$.Attributes.q").parameters).toEqual({ QueueId: { useDynamic: true }, Other: { displayName: "kept" } });
    expect(apply("arn:old")).toBe(metadataOf(before, "q"));
    const listed: FlowDocument = { ...menu, Metadata: { ActionMetadata: { a: { conditionMetadata: [{ id: "i1", value: "1" }, { id: "i2", value: "2" }] } } } };
    const { document } = applyChange(listed, CATALOGUE, "a", { variant: "dtmf", parameters: {}, conditions: equals("2", "3") });
    expect(metadataOf(document, "a").conditionMetadata).toMatchObject([{ id: "i2", value: "2" }, { value: "3" }]);
  });
  it("renames with the change, and keeps unknown keys of action and document", () => {
    const odd = { ...menu, Extra: [1], Actions: menu.Actions.map((one) => ({ ...one, Odd: one.Identifier })) };
    const { document, id } = applyChange(odd, CATALOGUE, "a", { variant: "dtmf", parameters: { StoreInput: "False", Unknown: 1 }, name: "Menu" });
    expect(id).toBe("Menu");
    expect(document["Extra"]).toEqual([1]);
    expect(document.Actions.map((one) => one["Odd"])).toEqual(["a", "b", "c"]);
    expect(targets(document, "Menu")).toMatchObject({ "Pressed 1": "b", "Pressed 2": "c" });
  });
});
