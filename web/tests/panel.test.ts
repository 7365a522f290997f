import { describe, expect, it } from "vitest";
import type { FlowBlockVariant, FlowField, FlowNamespace } from "../src/api/switchroom";
import { criteriaOf, storedCriteria } from "../src/designer/panel/criteria";
import { holds } from "../src/designer/model/catalogue";
import { changeOf, draftOf, formIssue, inVariant, issuesOf, placeOf, settled } from "../src/designer/panel/draft";
import {
  conditionsOf,
  durationOf,
  flag,
  joinReference,
  numeric,
  pairsOf,
  promptOf,
  readAt,
  rowsOf,
  splitReference,
  storedPairs,
  withPrompt,
  writeAt,
} from "../src/designer/panel/values";

const field = (part: Partial<FlowField> & Pick<FlowField, "Path" | "Kind">): FlowField => ({ Label: part.Path, Required: false, Manual: true, Dynamic: false, ...part });
const variant = (part: Partial<FlowBlockVariant>): FlowBlockVariant => ({ Key: "one", ActionType: "Some", Tells: [], Preset: "{}", Fields: [], Branches: [], ...part });

describe("values by path", () => {
  it("are read and written beside what is unknown", () => {
    const stored = { EventHooks: { CustomerQueue: "arn" }, Unknown: [1] };
    expect(readAt(stored, "EventHooks.CustomerQueue")).toBe("arn");
    const changed = writeAt(stored, "EventHooks.CustomerQueue", "$.Attributes.flow");
    expect(changed).toEqual({ EventHooks: { CustomerQueue: "$.Attributes.flow" }, Unknown: [1] });
    expect(changed["Unknown"]).toBe(stored.Unknown);
    expect(writeAt(stored, "EventHooks.CustomerQueue", undefined)).toEqual({ Unknown: [1] });
  });
  it("go through lists by number", () => {
    const written = writeAt({}, "Participants.0.MediaDirections", ["From"]);
    expect(written).toEqual({ Participants: [{ MediaDirections: ["From"] }] });
    expect(readAt(written, "Participants.0.MediaDirections")).toEqual(["From"]);
    expect(writeAt(written, "Participants.0.MediaDirections", undefined)).toEqual({});
  });
  it("never touch what objects inherit", () => {
    expect(readAt({}, "constructor.name")).toBeUndefined();
  });
});

describe("the stored form", () => {
  it("is that of the console, or what was there before", () => {
    expect([flag(true, undefined), flag(false, "True"), flag(true, false)]).toEqual(["True", "False", true]);
    expect([numeric("3", undefined), numeric("3", 5), numeric("", 5)]).toEqual(["3", 3, undefined]);
  });
  it("wraps attributes of the flow and keeps untouched types", () => {
    const before = { Age: 10, Name: "Jane" };
    expect(pairsOf(before)).toEqual([{ key: "Age", value: "10" }, { key: "Name", value: "Jane" }]);
    expect(storedPairs([{ key: "Age", value: "10" }, { key: "Name", value: "Joe" }, { key: "", value: "x" }], "Attributes", before)).toEqual({ Age: 10, Name: "Joe" });
    const typed = { Age: 10, In: true, Books: ["a"] };
    const edited = [{ key: "Age", value: "11" }, { key: "In", value: "false" }, { key: "Books", value: '["b"]' }];
    expect(storedPairs(edited, "P", typed)).toEqual({ Age: 11, In: false, Books: ["b"] });
    expect(storedPairs([{ key: "Age", value: "ten" }, { key: "Books", value: "[" }], "P", typed)).toEqual({ Age: "ten", Books: "[" });
    expect(storedPairs([{ key: "a", value: "1" }], "FlowAttributes", undefined)).toEqual({ a: { Value: "1" } });
    expect(pairsOf({ a: { Value: "1" } })).toEqual([{ key: "a", value: "1" }]);
  });
  it("of a prompt changes with its source", () => {
    const stored = { Text: "Hi", InputTimeLimitSeconds: "5" };
    expect(promptOf(stored)).toEqual({ source: "text", value: "Hi", ssml: false });
    expect(withPrompt(stored, { source: "text", value: "<speak/>", ssml: true })).toEqual({ SSML: "<speak/>", InputTimeLimitSeconds: "5" });
    expect(withPrompt(stored, { source: "s3", value: "s3://b/a.wav", ssml: false })).toEqual({
      Media: { SourceType: "S3", MediaType: "Audio", Uri: "s3://b/a.wav" },
      InputTimeLimitSeconds: "5",
    });
  });
  it("of a duration is whole seconds", () => {
    expect([durationOf(300), durationOf(90), durationOf(604_800), durationOf(-120)]).toEqual([
      { amount: 5, unit: "MINUTES" },
      { amount: 90, unit: "SECONDS" },
      { amount: 7, unit: "DAYS" },
      { amount: -2, unit: "MINUTES" },
    ]);
  });
});

describe("references", () => {
  const namespaces: FlowNamespace[] = [
    { Key: "$.", Label: "System", Attributes: [{ Path: "$.Queue.Name", Label: "Queue name" }] },
    { Key: "$.Attributes.", Label: "User defined", Free: true, Attributes: [] },
    { Key: "$.Lex.SessionAttributes.", Label: "Session", Free: true, Attributes: [] },
    { Key: "$.Lex.", Label: "Lex", Free: true, Attributes: [{ Path: "$.Lex.IntentName", Label: "Intent" }] },
  ];
  const pieces = (text: string): [string, string] => {
    const { namespace, key } = splitReference(text, namespaces);
    return [namespace, key];
  };
  it("are a namespace and a key (BLK-005)", () => {
    expect(pieces("$.Queue.Name")).toEqual(["System", "$.Queue.Name"]);
    expect(pieces("$.Attributes.tier")).toEqual(["User defined", "tier"]);
    expect(pieces("$.Attributes['first name']")).toEqual(["User defined", "first name"]);
    expect(pieces("$.Lex.SessionAttributes.a")).toEqual(["Session", "a"]);
    expect(pieces("$.Views.x")).toEqual(["", "$.Views.x"]);
  });
  it("come back as they were", () => {
    for (const text of ["$.Queue.Name", "$.Attributes.tier", "$.Attributes['first name']", "$.Lex.SessionAttributes.a", "$.Lex.IntentName", "$['Attributes']['x']"]) {
      expect(joinReference(splitReference(text, namespaces), namespaces)).toBe(text);
    }
    expect(joinReference({ namespace: "User defined", key: "it's" }, namespaces)).toBe(`$.Attributes["it's"]`);
  });
});

describe("routing criteria", () => {
  const attribute = (Name: string) => ({ AttributeCondition: { Name, Value: "v", ProficiencyLevel: 4, ComparisonOperator: "NumberGreaterOrEqualTo" } });
  const stored = {
    Steps: [
      { Expression: { AndExpression: [attribute("a"), attribute("b")] }, Expiry: { DurationInSeconds: 30 } },
      { Expression: { OrExpression: [attribute("a"), attribute("c")] }, Expiry: { DurationInSeconds: 60 } },
      { Expression: attribute("d") },
    ],
    Kept: true,
  };
  it("come back as they were, with what rows cannot show", () => {
    const steps = criteriaOf(stored);
    expect(steps.map((one) => [one.conditions.map(({ name }) => name), one.seconds])).toEqual([[["a", "b"], "30"], [[], "60"], [["d"], null]]);
    expect(storedCriteria(steps, stored)).toEqual(stored);
  });
  it("leave out steps that ask for nothing", () => {
    expect(storedCriteria([{ conditions: [{ name: "", value: "", level: "1" }], seconds: "60" }], undefined)).toBeUndefined();
  });
});

describe("condition rows", () => {
  const stored = (...operands: string[]) => operands.map((one) => ({ NextAction: "a", Condition: { Operator: "NumberLessThan", Operands: [one] } }));
  it("show shares where thresholds are stored", () => {
    const rows = rowsOf(stored("21", "61"), "PERCENT", () => false);
    expect(rows.map((one) => one.operand)).toEqual(["20", "40"]);
    expect(conditionsOf(rows, "PERCENT").map((one) => one.operand)).toEqual(["21", "61"]);
  });
  it("leave the fixed branches out", () => {
    const conditions = ["True", "other"].map((one) => ({ NextAction: "a", Condition: { Operator: "Equals", Operands: [one] } }));
    expect(rowsOf(conditions, "TEXT", (one) => one.Condition.Operands[0] === "True")).toEqual([{ operator: "Equals", operand: "other", was: 0 }]);
  });
});

describe("tells", () => {
  it("compare texts without regard to case, and look into lists", () => {
    expect(holds([{ Path: "StoreInput", Values: ["True"] }], { StoreInput: true })).toBe(true);
    expect(holds([{ Path: "Events", Values: ["CustomerReturned"] }], { Events: ["CustomerReturned"] })).toBe(true);
    expect(holds([{ Path: "Events", Values: ["CustomerReturned", ""] }], { Events: [] })).toBe(true);
    expect(holds([{ Path: "A.B" }], { A: { B: "" } })).toBe(true);
    expect(holds([{ Path: "A.B", Absent: true }], { A: {} })).toBe(true);
  });
});

describe("a draft", () => {
  const queue = field({ Path: "QueueId", Kind: "RESOURCE", Dynamic: true, OneOf: "whose", Required: true });
  const agent = field({ Path: "AgentId", Kind: "RESOURCE", Dynamic: true, OneOf: "whose", Required: true });
  const loop = field({ Path: "LoopCount", Kind: "NUMBER", Required: true, Dynamic: true, Low: 0, High: 100 });
  const of = (Parameters: Record<string, unknown>, form: FlowBlockVariant) =>
    draftOf({ variant: form, companion: null, name: "", main: { Identifier: "a", Type: form.ActionType, Parameters, Transitions: {} } });

  it("says which required field is empty (BLK-008)", () => {
    const form = variant({ Fields: [loop, queue, agent] });
    expect(issuesOf(of({}, form), form)).toEqual({ "field:LoopCount": { text: "panel.empty" }, "field:QueueId": { text: "panel.empty" }, "field:AgentId": { text: "panel.empty" } });
    expect(issuesOf(of({ LoopCount: "3", AgentId: "x" }, form), form)).toEqual({});
  });
  it("knows the limits of fields", () => {
    expect(formIssue(loop, "101")).toEqual({ text: "panel.between", values: { low: 0, high: 100 } });
    expect(formIssue(loop, "$.Attributes.n")).toBeNull();
    expect(formIssue(field({ Path: "P", Kind: "PHONE" }), "0312345678")?.text).toBe("panel.badPhone");
    expect(formIssue(field({ Path: "J", Kind: "JSON" }), "{")?.text).toBe("panel.badJson");
    expect(formIssue(field({ Path: "K", Kind: "KEYS", High: 50 }), "1,2#")).toBeNull();
    expect(formIssue(field({ Path: "K", Kind: "KEYS" }), "1,2#")?.text).toBe("panel.badKeys");
  });
  it("finds fault with rows", () => {
    const form = variant({ Rows: { Label: "Pressed {}", Operators: [{ Value: "Equals", Label: "=" }], Operand: "KEY" } });
    const row = (operand: string) => ({ operator: "Equals", operand });
    const issues = issuesOf({ ...of({}, form), rows: [row("1"), row("12"), row(""), row("1")] }, form);
    expect(Object.entries(issues).map(([place, { text }]) => [place, text])).toEqual([["row:1", "panel.oneKey"], ["row:2", "panel.empty"], ["row:3", "panel.twice"]]);
    const shares = variant({ Rows: { Label: "{}%", Operators: [], Operand: "PERCENT" } });
    expect(issuesOf({ ...of({}, shares), rows: [row("60"), row("50")] }, shares)["rows"]?.text).toBe("panel.over100");
  });
  it("takes no name with a character that flows forbid (FLOW-38)", () => {
    const form = variant({});
    const named = (name: string) => issuesOf({ ...of({}, form), name }, form, new Set(["Menu"]))["name"]?.text;
    expect([named("Greeting"), named("A/B"), named("toString"), named("x".repeat(51)), named("Menu")]).toEqual([
      undefined, "panel.nameCharacters", "panel.nameWord", "panel.tooLong", "panel.nameTaken",
    ]);
  });
  it("gives up what came to be hidden, and nothing else", () => {
    const kind = field({ Path: "Kind", Kind: "CHOICE" });
    const most = field({ Path: "V.Maximum", Kind: "NUMBER", When: [{ Path: "Kind", Values: ["digits"] }] });
    const country = field({ Path: "V.Country", Kind: "TEXT", When: [{ Path: "Kind", Values: ["phone"] }] });
    const form = variant({ Fields: [kind, most, country] });
    const opened = of({ Kind: "digits", V: { Maximum: "4", Other: 1 }, Unknown: true }, form);
    const parameters = writeAt(writeAt(opened.parameters, "Kind", "phone"), "V.Country", "JP");
    expect(changeOf({ ...opened, parameters }, opened, form)).toEqual({ variant: "one", parameters: { Kind: "phone", V: { Other: 1, Country: "JP" }, Unknown: true } });
    expect(changeOf(opened, opened, form).parameters).toEqual(opened.parameters);
  });
  it("takes what fits into another variant", () => {
    const prompt = field({ Path: "", Kind: "PROMPT" });
    const dtmf = variant({ Key: "dtmf", Tells: [{ Path: "StoreInput", Values: ["False"] }], Preset: '{"StoreInput":"False"}', Fields: [prompt, loop] });
    const bot = variant({ Key: "bot", Preset: "{}", Fields: [prompt] });
    const moved = inVariant(of({ Text: "Hi", StoreInput: "False", LoopCount: "3" }, dtmf), dtmf, bot);
    expect([moved.variant, moved.parameters]).toEqual(["bot", { Text: "Hi" }]);
  });
  it("begins what comes to be shown with its default", () => {
    const on = field({ Path: "On", Kind: "FLAG" });
    const threshold = field({ Path: "Threshold", Kind: "NUMBER", Default: "90", When: [{ Path: "On", Values: ["true"] }] });
    expect(settled([on, threshold], {}, { On: "True" })).toEqual({ On: "True", Threshold: "90" });
    expect(settled([on, threshold], { On: "True", Threshold: "90" }, { On: "True" })).toEqual({ On: "True" });
  });
  it("has a place for each finding of the checker", () => {
    const fields = [field({ Path: "", Kind: "PROMPT" }), queue, field({ Path: "DTMFConfiguration.InputTerminationSequence", Kind: "KEYS" })];
    const at = (Path: string) => placeOf({ Severity: "ERROR", Message: "", Path }, "field", fields, {});
    expect(at("Actions[3].Parameters.Text")).toBe("field:");
    expect(at("Actions[3].Parameters.QueueId")).toBe("field:QueueId");
    expect(at("Actions[3].Parameters.DTMFConfiguration")).toBe("field:DTMFConfiguration.InputTerminationSequence");
    expect(at("Actions[3].Transitions.Conditions[1]")).toBe("condition:1");
    expect(at("Actions[3].Transitions.Errors")).toBeNull();
  });
});
