import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { blockOf, blocksOf } from "../../src/designer/model/blocks";
import { copy, paste } from "../../src/designer/model/clipboard";
import { actionOf, emptyDocument, metadataOf, parseDocument, type FlowDocument } from "../../src/designer/model/document";
import { applyChange, connect, move } from "../../src/designer/model/edits";
import { arrange } from "../../src/designer/model/layout";
import { notesOf } from "../../src/designer/model/notes";
import { CATALOGUE } from "./catalogue";
import { frozen } from "./flow";

const START = "1ff34355-4c6a-42fb-8e71-627d4ffcde6a";
const MENU = "3b2ac413-3ab7-4702-8545-8d4e416da148";
const QUEUE = "24d5690d-cdfc-4e17-a84f-d018629c7cf8";
const FUNCTION = "3de54805-ed88-465a-b9d7-ced52cd08303";
const LANGUAGE = "4750120e-10b0-4cd8-92af-664d52233b80";
const END = "a4893b51-4ae1-44ba-8127-0ad84b24d220";

/** A flow in the shape that the designer of the original exports, with all kinds of metadata. */
const EXPORT = frozen({
  Version: "2019-10-30",
  StartAction: START,
  Metadata: {
    entryPointPosition: { x: 14.4, y: 14.4 },
    ActionMetadata: {
      [START]: { position: { x: 216, y: 17.6 }, children: [LANGUAGE], overrideConsoleVoice: true, fragments: { SetContactData: LANGUAGE }, overrideLanguageAttribute: true },
      [LANGUAGE]: { position: { x: 216, y: 17.6 }, dynamicParams: [] },
      [MENU]: { position: { x: 389.6, y: -86.4 }, conditionMetadata: [{ id: "cfcd304d", value: "1" }, { id: "6a52c195", value: "2" }] },
      [QUEUE]: { position: { x: 710.4, y: -85.6 }, parameters: { QueueId: { displayName: "BasicQueue" } }, queue: { text: "BasicQueue" } },
      [FUNCTION]: { position: { x: 791.2, y: -136 }, parameters: { LambdaFunctionARN: { displayName: "Look-up" } }, dynamicMetadata: { check: false, number: true } },
      "Say goodbye": { position: { x: 1120.8, y: 100 }, isFriendlyName: true },
      [END]: { position: { x: 1794.4, y: -236 } },
    },
    Annotations: [{ type: "default", id: "835afeaa", content: "Renders a view.", actionId: MENU, isFolded: true, position: { x: 240.5, y: 378 }, size: { height: 295, width: 300 } }],
    name: "Exported flow",
    description: "",
    type: "contactFlow",
    status: "published",
    hash: {},
  },
  Actions: [
    { Parameters: { TextToSpeechVoice: "Joanna" }, Identifier: START, Type: "UpdateContactTextToSpeechVoice", Transitions: { NextAction: LANGUAGE, Errors: [{ NextAction: LANGUAGE, ErrorType: "NoMatchingError" }] } },
    { Parameters: { LanguageCode: "en-US" }, Identifier: LANGUAGE, Type: "UpdateContactData", Transitions: { NextAction: MENU, Errors: [{ NextAction: MENU, ErrorType: "NoMatchingError" }] } },
    {
      Parameters: { Text: "Press 1 or 2.", StoreInput: "False", InputTimeLimitSeconds: "5" },
      Identifier: MENU,
      Type: "GetParticipantInput",
      Transitions: {
        NextAction: END,
        Conditions: [
          { NextAction: QUEUE, Condition: { Operator: "Equals", Operands: ["1"] } },
          { NextAction: FUNCTION, Condition: { Operator: "Equals", Operands: ["2"] } },
        ],
        Errors: ["InputTimeLimitExceeded", "NoMatchingCondition", "NoMatchingError"].map((ErrorType) => ({ NextAction: END, ErrorType })),
      },
    },
    { Parameters: { QueueId: "arn:aws:connect:us-east-1:1:instance/i/queue/q" }, Identifier: QUEUE, Type: "UpdateContactTargetQueue", Transitions: { NextAction: END, Errors: [{ NextAction: END, ErrorType: "NoMatchingError" }] } },
    {
      Parameters: { LambdaFunctionARN: "arn:aws:lambda:us-east-1:1:function:Look-up", InvocationTimeLimitSeconds: "3", LambdaInvocationAttributes: { check: "email", number: "$.CustomerEndpoint.Address" }, ResponseValidation: { ResponseType: "STRING_MAP" } },
      Identifier: FUNCTION,
      Type: "InvokeLambdaFunction",
      Transitions: { NextAction: "Say goodbye", Errors: [{ NextAction: END, ErrorType: "NoMatchingError" }] },
    },
    { Parameters: { Text: "Goodbye." }, Identifier: "Say goodbye", Type: "MessageParticipant", Transitions: { NextAction: END } },
    { Parameters: {}, Identifier: END, Type: "DisconnectParticipant", Transitions: {} },
  ],
  Settings: { InputParameters: [], OutputParameters: [], Transitions: [{ DisplayName: "Success", ReferenceName: "Success", Description: "" }] },
} satisfies FlowDocument);

describe("exports of the original", () => {
  it("shows the second action of Set voice in its block, and no way that only repeats a target", () => {
    const blocks = blocksOf(EXPORT, CATALOGUE);
    expect(blocks.map((block) => block.title)).toEqual(["Set voice", "Get customer input", "Set working queue", "Invoke AWS Lambda function", "Say goodbye", "Disconnect / hang up"]);
    expect(blocks[0]!.outcomes.map(({ label, target }) => [label, target])).toEqual([["Success", MENU]]);
    expect(blocks[1]!.outcomes.map((outcome) => outcome.label)).toEqual(["Pressed 1", "Pressed 2", "Timeout", "Default", "Error"]);
  });
  it("keeps what repeats a target among the targets", () => {
    let now = connect(EXPORT, CATALOGUE, MENU, "error:NoMatchingError", QUEUE);
    expect(actionOf(now, MENU)!.Transitions.NextAction).toBe(END);
    for (const key of ["error:NoMatchingCondition", "error:InputTimeLimitExceeded"]) now = connect(now, CATALOGUE, MENU, key, FUNCTION);
    expect([FUNCTION, QUEUE]).toContain(actionOf(now, MENU)!.Transitions.NextAction);
  });
  it("keeps every key of metadata, notes and document through edits", () => {
    const moved = move(EXPORT, CATALOGUE, { [MENU]: { x: 400, y: 0 }, [START]: { x: 220, y: 20 } });
    expect(metadataOf(moved, START)).toEqual({ ...metadataOf(EXPORT, START), position: { x: 220, y: 20 } });
    expect(metadataOf(moved, LANGUAGE)).toEqual({ position: { x: 220, y: 20 }, dynamicParams: [] });
    expect(notesOf(moved)[0]).toEqual({ ...notesOf(EXPORT)[0], position: { x: 250.9, y: 464.4 } });
    const { ActionMetadata: _, Annotations: __, ...others } = moved.Metadata!;
    expect(others).toEqual({ entryPointPosition: { x: 14.4, y: 14.4 }, name: "Exported flow", description: "", type: "contactFlow", status: "published", hash: {} });
    expect(moved["Settings"]).toBe(EXPORT.Settings);
    expect(moved.Actions).toEqual(EXPORT.Actions);
  });
  it("brings the second name of a queue and the list of dynamic inputs up to date", () => {
    const queue = applyChange(EXPORT, CATALOGUE, QUEUE, { variant: "queue", parameters: { QueueId: "arn:new" }, labels: { QueueId: "Sales" } }).document;
    expect(metadataOf(queue, QUEUE)).toMatchObject({ parameters: { QueueId: { displayName: "Sales" } }, queue: { text: "Sales" } });
    const dynamic = applyChange(EXPORT, CATALOGUE, QUEUE, { variant: "queue", parameters: { QueueId: "$.Attributes.q" } }).document;
    expect(metadataOf(dynamic, QUEUE)).toEqual({ position: { x: 710.4, y: -85.6 }, parameters: { QueueId: { useDynamic: true } } });
    const inputs = { ...actionOf(EXPORT, FUNCTION)!.Parameters, LambdaInvocationAttributes: { check: "$.Attributes.a" } };
    expect(metadataOf(applyChange(EXPORT, CATALOGUE, FUNCTION, { variant: "only", parameters: inputs }).document, FUNCTION)).toMatchObject({ dynamicMetadata: { check: true } });
  });
  it("is pasted whole, with its names, notes and metadata", () => {
    const pasted = paste(emptyDocument(), CATALOGUE, "CONTACT_FLOW", JSON.stringify(EXPORT))!.document;
    expect(blocksOf(pasted, CATALOGUE).map((block) => block.outcomes.map((outcome) => outcome.label))).toEqual(blocksOf(EXPORT, CATALOGUE).map((block) => block.outcomes.map((outcome) => outcome.label)));
    expect(blockOf(pasted, CATALOGUE, "Say goodbye")).toBeDefined();
    expect(metadataOf(pasted, pasted.StartAction).children).toEqual([pasted.Actions[1]!.Identifier]);
    expect(notesOf(pasted)).toHaveLength(1);
  });
});

describe("the flows that are shipped", () => {
  const folder = new URL("../../../src/switchroom/flows/library/", import.meta.url);
  const files = readdirSync(folder).filter((name) => /^(default|sample|demo)_.*\.json$/.test(name));
  it.each(files)("%s can be laid out, copied and pasted without loss", (name) => {
    const document = frozen(parseDocument(readFileSync(new URL(name, folder), "utf8"))!);
    const blocks = blocksOf(document, CATALOGUE);
    expect(blocks.length).toBeGreaterThan(0);
    expect(arrange(document, CATALOGUE).Actions).toEqual(document.Actions);
    const pasted = paste(emptyDocument(), CATALOGUE, "CONTACT_FLOW", copy(document, CATALOGUE, new Set(blocks.map((block) => block.id))))!;
    const refused = blocks.filter((block) => block.type && !block.type.FlowTypes.includes("CONTACT_FLOW"));
    expect(pasted.refused).toEqual(refused.map((block) => block.title));
    if (!refused.length) {
      expect(pasted.document.Actions.map((action) => action.Parameters)).toEqual(document.Actions.map((action) => action.Parameters));
      expect(blocksOf(pasted.document, CATALOGUE).map((block) => block.outcomes.map((one) => [one.label, one.target !== null]))).toEqual(blocks.map((block) => block.outcomes.map((one) => [one.label, one.target !== null])));
    }
  });
});
