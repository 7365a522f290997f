import { describe, expect, it } from "vitest";
import type { TestFlowResponse } from "../src/api/switchroom";
import type { FlowDocument } from "../src/designer/model/document";
import { fileOf, scenarioOf, SETUP, usedBy, yaml } from "../src/designer/tryit/scenario";
import { differences, isFailure, marksOf, type Drawn } from "../src/designer/tryit/trail";

const QUEUE = "11111111-1111-4111-8111-111111111111";

function flow(...actions: [string, string, Record<string, unknown>][]): FlowDocument {
  return { Version: "2019-10-30", StartAction: "a", Actions: actions.map(([Identifier, Type, Parameters]) => ({ Identifier, Type, Parameters, Transitions: {} })) };
}

describe("what a test begins with", () => {
  const document = flow(
    ["a", "UpdateContactTargetQueue", { QueueId: `arn:aws:connect:us-east-1:1:instance/i/queue/${QUEUE}` }],
    ["b", "InvokeLambdaFunction", { LambdaFunctionARN: "arn:aws:lambda:us-east-1:1:function:lookup" }],
    ["c", "UpdateContactTargetQueue", { QueueId: "$.Attributes.queue" }],
  );
  const used = usedBy(document, new Map([[QUEUE, "Gold"]]));

  it("finds what the flow refers to", () => {
    expect(used).toEqual({ queues: ["Gold"], hours: [], functions: ["lookup"], bots: false });
  });
  it("says what is usual where nothing is chosen", () => {
    const made = scenarioOf({ ...SETUP, attributes: [["plan", "gold"], ["", "x"]] }, used, 0);
    expect(made.at).toBe("1970-01-01T00:00:00.000Z");
    expect(made.contact).toEqual({ channel: "VOICE", customer: "+15550100199", attributes: { plan: "gold" } });
    expect(made.queues).toEqual({ Gold: { hours: "open", waiting: 0, oldest: 0, staffed: 1, available: 1, online: 1 } });
    expect(made.functions).toEqual({ lookup: {} });
  });
  it("does not take JSON that is none", () => {
    expect(() => scenarioOf({ ...SETUP, functions: { lookup: { kind: "answer", answer: "{" } } }, used, 0)).toThrow();
  });
});

describe("a file of what happened", () => {
  it("quotes what YAML would read otherwise", () => {
    expect(yaml({ a: "on", b: "1", c: "plain text", d: [{ says: "hi" }, "waits"], e: {}, f: null })).toBe(
      'a: "on"\nb: "1"\nc: plain text\nd:\n  - says: hi\n  - waits\ne: {}\nf: null\n',
    );
  });
  it("expects the path, what was said and the end", () => {
    const step = (Name: string, Outcome: string): TestFlowResponse["Steps"][number] => ({ FlowId: "f", Action: Name, Name, Type: "X", Outcome, At: 0, Before: 0, After: 0, Said: [] });
    const played: TestFlowResponse = {
      Steps: [step("ask", ""), step("ask", "next"), step("queue", "end:queued")],
      States: [], Functions: [], Flows: [], End: "queued", Queue: "Gold", Now: 0,
      Lines: [{ Who: "flow", Kind: "text", Text: "Hello", Step: 0 }, { Who: "customer", Kind: "keys", Text: "1", Step: 1 }],
    };
    expect(fileOf("f.json", "CONTACT_FLOW", { hours: { Office: "configured" } }, ["1"], played)).toBe(
      'flow: f.json\nhours:\n  Office: open\ncustomer:\n  - "1"\nexpect:\n  path:\n    - ask\n    - queue\n  said:\n    - Hello\n  queue: Gold\n  end: queued\n',
    );
  });
});

describe("marks of a run", () => {
  const block = (id: string, ...keys: string[]): [string, never] => [id, { id, outcomes: keys.map((key) => ({ key })) } as never];
  const drawn: Drawn = { blocks: new Map([block("a", "next", "error:NoMatchingError"), block("b", "condition:0")]), owners: new Map([["a", "a"], ["a2", "a"], ["b", "b"]]) };
  const stops = [
    { FlowId: "f", Action: "a", Outcome: "next" },
    { FlowId: "other", Action: "b", Outcome: "condition:0" },
    { FlowId: "f", Action: "b", Outcome: "condition:0" },
    { FlowId: "f", Action: "a2", Outcome: "error:NoMatchingError" },
  ];
  it("lights up what was taken, the block looked at, and what failed", () => {
    const { marks, edgeMarks } = marksOf(stops, 3, "f", drawn);
    expect([...marks]).toEqual([["a", "current"], ["b", "taken"]]);
    expect(edgeMarks.get("|start")).toBe("taken");
    expect(edgeMarks.get("a|error:NoMatchingError")).toBe("failed");
  });
  it("ends where one looks", () => {
    const { marks, edgeMarks } = marksOf(stops, 0, "f", drawn);
    expect([...marks]).toEqual([["a", "current"]]);
    expect(edgeMarks.has("b|condition:0")).toBe(false);
  });
  it("does not call a branch for the rest a failure", () => {
    expect(["error:NoMatchingCondition", "error:NoMatchingError", "failed"].map(isFailure)).toEqual([false, true, true]);
  });
});

describe("differences", () => {
  it("names every value by its path", () => {
    expect(differences('{"Attributes":{"a":"1","b c":"2"},"Channel":"CHAT"}', '{"Attributes":{"a":"1","b c":"3"},"Lex":{"Slots":{}},"Channel":"CHAT"}')).toEqual([
      { path: "$.Attributes.a", before: "1", after: "1" },
      { path: "$.Attributes['b c']", before: "2", after: "3" },
      { path: "$.Channel", before: "CHAT", after: "CHAT" },
    ]);
  });
});
