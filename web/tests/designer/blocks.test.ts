import { describe, expect, it } from "vitest";
import { blockOf, blocksOf, ends, rowsOf } from "../../src/designer/model/blocks";
import { holds, paletteOf } from "../../src/designer/model/catalogue";
import { asDocument, parseDocument } from "../../src/designer/model/document";
import { faceOf } from "../../src/designer/model/face";
import { CATALOGUE } from "./catalogue";
import { action, flow } from "./flow";

const words = { amount: (value: string, unit: string) => `${value} ${unit}`, more: (count: number) => `+${count}`, nameOf: () => undefined };

describe("blocks of a document", () => {
  it("finds the variant by what tells it", () => {
    const document = flow(action("a", "GetParticipantInput", { StoreInput: "false" }), action("b", "GetParticipantInput", { StoreInput: true }), action("c", "UpdateContactTargetQueue", { AgentId: "x" }));
    expect(blocksOf(document, CATALOGUE).map((block) => [block.type?.Key, block.variant?.Key])).toEqual([
      ["get-customer-input", "dtmf"],
      ["store-customer-input", "only"],
      ["set-working-queue", "agent"],
    ]);
  });

  it("tells as the server does: nothing counts as the empty text, of a list one item is enough, types have aliases", () => {
    expect(blocksOf(flow(action("a", "GetParticipantInput")), CATALOGUE)[0]!.variant?.Key).toBe("dtmf");
    expect(holds([{ Path: "Events", Values: ["customerreturned"] }], { Events: ["Other", "CustomerReturned"] })).toBe(true);
    expect(holds([{ Path: "Events", Values: [""] }], { Events: [] })).toBe(true);
    expect([holds([{ Path: "A.B" }], { A: { B: "" } }), holds([{ Path: "A.B", Absent: true }], { A: {} }), holds([{ Path: "A" }], {})]).toEqual([true, true, false]);
    expect(blocksOf(flow(action("a", "Disconnect")), CATALOGUE)[0]!.type?.Key).toBe("disconnect");
  });

  it("shows an unknown action with what is stored", () => {
    const document = flow(action("a", "SomethingNew", { X: 1 }, { NextAction: "b", Errors: [{ ErrorType: "Odd", NextAction: "a" }], Conditions: [{ NextAction: "b", Condition: { Operator: "Equals", Operands: ["yes"] } }] }), action("b", "DisconnectParticipant"));
    const [block] = blocksOf(document, CATALOGUE);
    expect(block).toMatchObject({ type: null, title: "a" });
    expect(block!.outcomes.map(({ key, label, target }) => [key, label, target])).toEqual([
      ["condition:0", "yes", "b"],
      ["next", "Success", "b"],
      ["error:Odd", "Odd", "a"],
    ]);
  });

  it("shows every declared outcome, stored or not", () => {
    const document = flow(
      action("a", "CheckHoursOfOperation", {}, { Conditions: [{ NextAction: "b", Condition: { Operator: "Equals", Operands: ["False"] } }], Errors: [{ ErrorType: "NoMatchingError", NextAction: "gone" }] }),
      action("b", "DisconnectParticipant"),
    );
    expect(blockOf(document, CATALOGUE, "a")!.outcomes.map(({ key, label, target }) => [key, label, target])).toEqual([
      ["branch:True", "In hours", null],
      ["condition:0", "Out of hours", "b"],
      ["error:NoMatchingError", "Error", null],
    ]);
    expect(blockOf(document, CATALOGUE, "b")!.outcomes).toEqual([]);
  });

  it("tells branches that need other operators than Equals", () => {
    const document = flow(action("a", "CheckMetricData", { MetricType: "NumberOfAgentsStaffed" }, { Conditions: [{ NextAction: "a", Condition: { Operator: "NumberGreaterThan", Operands: ["0"] } }] }));
    expect(blockOf(document, CATALOGUE, "a")!.outcomes[0]).toMatchObject({ key: "condition:0", label: "True", target: "a" });
  });

  it("shows branches only when their parameters say so", () => {
    const keys = (ContinueFlowExecution: string): string[] =>
      blocksOf(flow(action("a", "TransferParticipantToThirdParty", { ContinueFlowExecution })), CATALOGUE)[0]!.outcomes.map((outcome) => outcome.key);
    expect(keys("False")).toEqual(["error:NoMatchingError"]);
    expect(keys("True")).toEqual(["next", "error:CallFailed", "error:NoMatchingError"]);
  });

  it("shows the author's rows first, shares by their size", () => {
    const share = (operand: string) => ({ NextAction: "", Condition: { Operator: "NumberLessThan", Operands: [operand] } });
    const document = flow(action("a", "DistributeByPercentage", {}, { Conditions: [share("21"), share("61")] }));
    document.Metadata!.ActionMetadata!["a"]!.conditionMetadata = [{ name: "A" }, { name: "B" }];
    const block = blocksOf(document, CATALOGUE)[0]!;
    expect(block.outcomes.map((outcome) => outcome.label)).toEqual(["20 % A", "40 % B", "Default"]);
    expect(rowsOf(block)).toEqual([{ operator: "NumberLessThan", operand: "21" }, { operator: "NumberLessThan", operand: "61" }]);
    const compare = flow(action("a", "Compare", {}, { Conditions: [{ NextAction: "", Condition: { Operator: "NumberGreaterThan", Operands: [5] } }] }));
    expect(blocksOf(compare, CATALOGUE)[0]!.outcomes[0]!.label).toBe("> 5");
    const age = (operand: string) => ({ NextAction: "", Condition: { Operator: "NumberGreaterThan", Operands: [operand] } });
    const ages = flow(action("a", "CheckMetricData", { MetricType: "OldestContactInQueueAgeSeconds" }, { Conditions: [age("300000"), age("90000"), age("$.Attributes.age")] }));
    expect(blocksOf(ages, CATALOGUE)[0]!.outcomes.map((outcome) => outcome.label).slice(0, 3)).toEqual(["> 5 min", "> 90 s", "> $.Attributes.age"]);
  });

  it("draws two actions that belong together as one block", () => {
    const document = flow(
      action("voice", "UpdateContactTextToSpeechVoice", { TextToSpeechVoice: "Mizuki" }, { NextAction: "language", Errors: [{ ErrorType: "NoMatchingError", NextAction: "language" }] }),
      action("language", "UpdateContactData", { LanguageCode: "ja-JP" }, { NextAction: "end", Errors: [{ ErrorType: "NoMatchingError", NextAction: "end" }] }),
      action("end", "DisconnectParticipant"),
    );
    const blocks = blocksOf(document, CATALOGUE);
    expect(blocks.map((block) => [block.id, block.type?.Key, block.actions.length])).toEqual([["voice", "set-voice", 2], ["end", "disconnect", 1]]);
    expect(blocks[0]!.outcomes.map(({ key, target }) => [key, target])).toEqual([["next", "end"]]);
  });

  it("joins no actions that other blocks lead to, unless the document says they are one", () => {
    const document = flow(
      action("voice", "UpdateContactTextToSpeechVoice", {}, { NextAction: "language" }),
      action("language", "UpdateContactData", { LanguageCode: "ja-JP" }, {}),
      action("loop", "Loop", {}, { Conditions: [{ NextAction: "language", Condition: { Operator: "Equals", Operands: ["DoneLooping"] } }] }),
    );
    expect(blocksOf(document, CATALOGUE)).toHaveLength(3);
    document.Metadata!.ActionMetadata!["voice"]!.fragments = { SetContactData: "language" };
    const blocks = blocksOf(document, CATALOGUE);
    expect(blocks.map((block) => block.id)).toEqual(["voice", "loop"]);
    expect(blocks[1]!.outcomes.map((outcome) => outcome.target)).toEqual([null, "voice"]);
  });

  it("knows a second action that comes first", () => {
    const document = flow(
      action("customer", "UpdateContactData", { CustomerId: "$.Attributes.id" }, { NextAction: "stream", Errors: [{ ErrorType: "NoMatchingError", NextAction: "end" }] }),
      action("stream", "StartVoiceIdStream", {}, { NextAction: "end", Errors: [{ ErrorType: "NoMatchingError", NextAction: "end" }] }),
      action("end", "DisconnectParticipant"),
    );
    const block = blocksOf(document, CATALOGUE)[0]!;
    expect(block).toMatchObject({ id: "customer", main: { Identifier: "stream" }, companion: { Identifier: "customer" } });
    expect(block.outcomes.map(({ key, target }) => [key, target])).toEqual([["next", "end"], ["error:NoMatchingError", "end"]]);
  });

  it("knows names that people gave from generated identifiers", () => {
    const uuid = "0c9f2a0e-5d4b-4e8e-9d1e-0a1b2c3d4e5f";
    const document = flow(action("Welcome", "MessageParticipant"), action(uuid, "MessageParticipant"));
    document.Metadata!.ActionMetadata!["Welcome"]!.isFriendlyName = true;
    expect(blocksOf(document, CATALOGUE).map((block) => [block.name, block.title])).toEqual([["Welcome", "Welcome"], ["", "Play prompt"]]);
  });

  it("knows the blocks that end a flow", () => {
    const document = flow(action("a", "TransferContactToQueue"), action("b", "Loop"), action("c", "Unheard"));
    expect(blocksOf(document, CATALOGUE).map(ends)).toEqual([true, false, false]);
  });
});

describe("the face of a block", () => {
  const face = (type: string, parameters: Record<string, unknown>, metadata: Record<string, unknown> = {}): string[] => {
    const document = flow(action("a", type, parameters));
    Object.assign(document.Metadata!.ActionMetadata!["a"]!, metadata);
    return faceOf(blocksOf(document, CATALOGUE)[0]!, words);
  };
  it("shows the key setting", () => {
    expect(face("MessageParticipant", { Text: "Hello" })).toEqual(["Hello"]);
    expect(face("MessageParticipant", { SSML: "<speak>Hi <break/>you</speak>" })).toEqual(["Hi you"]);
    expect(face("MessageParticipant", { Media: { Uri: "s3://bucket/folder/hello.wav" } })).toEqual(["hello.wav"]);
    expect(face("UpdateContactRoutingBehavior", { QueueTimeAdjustmentSeconds: "8" })).toEqual(["+8 SECONDS"]);
    expect(face("UpdateContactTargetQueue", { QueueId: "arn:x/queue/q1" }, { parameters: { QueueId: { displayName: "Basic" } } })).toEqual(["Basic"]);
    expect(face("Loop", { LoopCount: "4" })).toEqual(["Number of loops: 4"]);
    expect(face("Wait", { TimeLimitSeconds: "7200" })).toEqual(["2 HOURS"]);
    expect(face("Wait", { TimeLimitSeconds: "90" })).toEqual(["90 SECONDS"]);
    expect(face("UpdateContactTargetQueue", { QueueId: "$.Attributes.queue" })).toEqual(["$.Attributes.queue"]);
    expect(face("UpdateContactAttributes", { Attributes: { a: "1", b: "2" } })).toEqual(["a = 1 +1"]);
  });
});

describe("the palette", () => {
  it("FLOW-31: offers only what may stand in the type of flow", () => {
    const keys = (type: string): string[] => paletteOf(CATALOGUE, type).flatMap((one) => one.blocks.map((block) => block.Key));
    expect(keys("MODULE")).toContain("return");
    expect(keys("CONTACT_FLOW")).not.toContain("return");
    expect(keys("CUSTOMER_HOLD")).not.toContain("play-prompt");
  });
  it("FLOW-42: finds blocks by name, purpose and action type, by group", () => {
    expect(paletteOf(CATALOGUE, "CONTACT_FLOW", "queue transfer")).toMatchObject([{ group: "END", blocks: [{ Key: "transfer-to-queue" }] }]);
    expect(paletteOf(CATALOGUE, "CONTACT_FLOW", "messagepart")).toMatchObject([{ group: "INTERACT", blocks: [{ Key: "play-prompt" }] }]);
    expect(paletteOf(CATALOGUE, "CONTACT_FLOW", "zzz")).toEqual([]);
  });
});

describe("reading documents", () => {
  it("refuses what is no flow of this language", () => {
    for (const text of ["", "[]", '{"Version":"2019-10-30"}', '{"modules":[]}', '{"Version":"1","Actions":[]}', '{"Version":"2019-10-30","Actions":[{"Type":"x"}]}', "{} {}"]) {
      expect(parseDocument(text), text).toBeNull();
    }
  });
  it("keeps every key and fills in what edits need", () => {
    const read = asDocument({ Version: "2019-10-30", Actions: [{ Identifier: "a", Type: "t", Odd: 1 }], Strange: { a: 1 } });
    expect(read).toEqual({ Version: "2019-10-30", StartAction: "", Actions: [{ Identifier: "a", Type: "t", Odd: 1, Parameters: {}, Transitions: {} }], Strange: { a: 1 } });
  });
});
