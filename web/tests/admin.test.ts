import { describe, expect, it } from "vitest";
import { csvField, toCsv } from "../src/admin/csv";
import { differences } from "../src/admin/differences";
import { rowOf } from "../src/admin/flowText";
import { changed, difference } from "../src/admin/resource";
import { stepInWords } from "../src/admin/routingStep";
import { searchRange } from "../src/admin/timeRange";

describe("change history", () => {
  it("names what changed only", () => {
    expect(differences('{"Name":"a","Max":1}', '{"Name":"b","Max":1,"New":[1]}')).toEqual([
      { name: "Name", before: "a", after: "b" },
      { name: "New", before: "–", after: "[1]" },
    ]);
  });
});

describe("drafts", () => {
  it("finds what to add, take away and send", () => {
    expect(difference(["a", "b"], ["b", "c"])).toEqual({ added: ["c"], removed: ["a"] });
    expect(changed({ a: [1], b: 2 }, { a: [1], b: 3 }, "a")).toBe(false);
  });
});

describe("contact search", () => {
  it("turns relative ranges into times and counts weeks", () => {
    const range = searchRange({ type: "relative", amount: 8, unit: "week" }, 10_000_000);
    expect(range.end - range.start).toBe(8 * 604_800 + 1);
    expect(range.weeks).toBeLessThanOrEqual(8);
  });
  it("keeps formulas and commas out of the way in CSV", () => {
    expect(csvField('=1+1,"x"')).toBe('"\'=1+1,""x"""');
    expect(toCsv([{ Id: "c", InitiationTimestamp: 0 }], () => "", () => "Q")).toContain("c,,,,Q,,1970-01-01T00:00:00.000Z");
  });
});

describe("flow text", () => {
  it("finds the row of an action", () => {
    const text = JSON.stringify({ Actions: [{ Identifier: "one" }, { Identifier: "two" }] }, null, 2);
    expect(text.split("\n")[rowOf(text, { Severity: "ERROR", Message: "", ActionId: "two" })]).toContain("two");
  });
});

describe("a routing step in words", () => {
  const words = { and: "and", or: "or", not: (condition: string) => `not ${condition}`, agent: (id: string) => `agent ${id}` };
  const french = { AttributeCondition: { Name: "Language", Value: "French", ProficiencyLevel: 3, ComparisonOperator: "NumberGreaterOrEqualTo" } };
  const range = { AttributeCondition: { Name: "Device", Value: "Phone", Range: { MinProficiencyLevel: 2, MaxProficiencyLevel: 4 } } };
  it("says levels, ranges, agents and what joins them", () => {
    expect(stepInWords(JSON.stringify(french), words)).toBe("Language:French ≥ 3");
    expect(stepInWords(JSON.stringify({ OrExpression: [french, { AndExpression: [range, { NotAttributeCondition: french.AttributeCondition }] }] }), words)).toBe(
      "Language:French ≥ 3 or (Device:Phone 2–4 and not Language:French ≥ 3)",
    );
    expect(stepInWords(JSON.stringify({ AttributeCondition: { MatchCriteria: { AgentsCriteria: { AgentIds: ["a", "b"] } } } }), words)).toBe("agent a or agent b");
    expect(stepInWords("nonsense", words)).toBe("nonsense");
  });
});
