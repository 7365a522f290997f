import { describe, expect, it } from "vitest";
import type { AgentTaskField, AgentTaskTemplate } from "../src/api/switchroom";
import { isNeeded, problemOf, requestOf, shownFields, startDraft } from "../src/workspace/taskForm";
import { epochOf, momentOf } from "../src/shared/zoned";

const label = (key: string): string => key;
const field = (Type: AgentTaskField["Type"], more: Partial<AgentTaskField> = {}): AgentTaskField => ({ Name: Type, Type, ...more });
const template = (Fields: AgentTaskField[], ContactFlowId?: string): AgentTaskTemplate => ({ TaskTemplateId: "t", Name: "T", Fields, ContactFlowId });

describe("moments", () => {
  it("are read in their zone, in summer and in winter", () => {
    expect(epochOf({ date: "2024-03-08", time: "08:30", zone: "America/New_York" })).toBe(Date.parse("2024-03-08T13:30:00Z") / 1000);
    expect(epochOf({ date: "2024-03-11", time: "09:30", zone: "America/New_York" })).toBe(Date.parse("2024-03-11T13:30:00Z") / 1000);
    expect(epochOf({ date: "2024-03-11", time: "22:30", zone: "Asia/Tokyo" })).toBe(Date.parse("2024-03-11T13:30:00Z") / 1000);
  });
  it("are undefined until both are there", () => {
    expect(epochOf({ date: "2024-03-08", time: "", zone: "UTC" })).toBeUndefined();
    expect(epochOf({ date: "", time: "08:30", zone: "UTC" })).toBeUndefined();
  });
  it("come back as they were", () => {
    const moment = { date: "2024-10-27", time: "23:15", zone: "Europe/Berlin" };
    expect(momentOf(epochOf(moment)!, "Europe/Berlin")).toEqual(moment);
  });
});

describe("the form of a task", () => {
  const kinds = [field("NAME"), field("NUMBER"), field("URL"), field("EMAIL"), field("DATE_TIME"), field("BOOLEAN"), field("TEXT"), field("EXPIRY_DURATION"), field("SCHEDULED_TIME")];

  it("shows who gets it where nothing else says so", () => {
    expect(shownFields(template([field("NAME")]), label).map((one) => one.Type)).toEqual(["NAME", "QUICK_CONNECT"]);
    expect(shownFields(template([field("NAME"), field("TEXT", { Hidden: true })], "flow"), label).map((one) => one.Type)).toEqual(["NAME"]);
  });
  it("needs an assignee unless the agent takes it or there is a flow", () => {
    const assign = field("QUICK_CONNECT");
    const fields = [field("NAME"), assign, field("SELF_ASSIGN")];
    const draft = startDraft(fields);
    expect(isNeeded(assign, fields, template(fields), draft)).toBe(true);
    expect(isNeeded(assign, fields, template(fields, "flow"), draft)).toBe(false);
    expect(isNeeded(assign, fields, template(fields), { ...draft, values: { SELF_ASSIGN: "true" } })).toBe(false);
  });
  it("says what is wrong with a value", () => {
    const draft = startDraft(kinds);
    const wrong = { NUMBER: "twelve", URL: "example.com", EMAIL: "ana@example", EXPIRY_DURATION: "10081" };
    for (const [name, value] of Object.entries(wrong)) {
      const one = kinds.find((kind) => kind.Name === name)!;
      expect(problemOf(one, { ...draft, values: { [name]: value } }, 0)).toMatch(/^task\.not/);
    }
    const now = Date.parse("2026-01-01T00:00:00Z") / 1000;
    const at = (time: number): ReturnType<typeof problemOf> => problemOf(field("SCHEDULED_TIME"), { ...draft, moments: { SCHEDULED_TIME: momentOf(time, "UTC") } }, now);
    expect([at(now + 60), at(now - 60), at(now + 6 * 86400 + 60)]).toEqual([undefined, "task.scheduleRange", "task.scheduleRange"]);
  });
  it("sends each value as its kind", () => {
    const draft = startDraft(kinds);
    draft.values = { NAME: " Call ", NUMBER: "12", URL: "https://a.example", EMAIL: "a@b.example", BOOLEAN: "true", TEXT: "", EXPIRY_DURATION: "90" };
    draft.moments["DATE_TIME"] = { date: "2024-03-11", time: "13:30", zone: "UTC" };
    expect(requestOf(kinds, template(kinds, "flow"), draft)).toEqual({
      TaskTemplateId: "t",
      Name: "Call",
      ExpiryDurationInMinutes: 90,
      References: {
        NUMBER: { Type: "NUMBER", Value: "12" },
        URL: { Type: "URL", Value: "https://a.example" },
        EMAIL: { Type: "EMAIL", Value: "a@b.example" },
        DATE_TIME: { Type: "DATE", Value: "1710163800" },
        BOOLEAN: { Type: "STRING", Value: "true" },
      },
    });
  });
  it("leaves the assignee out for a task the agent takes", () => {
    const fields = [field("NAME"), field("QUICK_CONNECT", { DefaultValue: "arn:x/qc" }), field("SELF_ASSIGN")];
    const draft = startDraft(fields);
    expect(draft.values["QUICK_CONNECT"]).toBe("qc");
    draft.values["SELF_ASSIGN"] = "true";
    expect(requestOf(fields, template(fields), draft)).toMatchObject({ SelfAssign: true, QuickConnectId: undefined });
  });
});
