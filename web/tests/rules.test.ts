import { describe, expect, it } from "vitest";
import type { Rule } from "../src/api/connect";
import type { RuleTrigger } from "../src/api/switchroom";
import { emptyRule, isActionReady, isConditionReady, newAction, newCondition, readFunction, readRule, writeActions, writeFunction } from "../src/admin/rules/rule";

const TICKET = "$.ThirdParty.Zendesk.TicketCreate";
const ZENDESK: RuleTrigger = {
  EventSourceName: "OnZendeskTicketCreate", Label: "", Runs: true, Application: "ZENDESK", Placeholders: [], ActionTypes: ["CREATE_TASK"],
  Fields: [
    { ComparisonValue: `${TICKET}.Type`, Label: "Type", Operators: ["EQUALS"], Values: ["question"], Free: false },
    { ComparisonValue: `${TICKET}.Custom`, Label: "Own", Operators: ["EQUALS", "CONTAINS_ANY"], Values: [], Free: true },
  ],
};
const text = (parts: object[], Operator = "AND"): string => JSON.stringify({ Version: "2022-11-25", RuleFunction: { Operator, Operands: parts } });
const type = { Operator: "EQUALS", Operands: ["question"], ComparisonValue: `${TICKET}.Type`, Negate: true };
const own = { Operator: "CONTAINS_ANY", Operands: ["a", "b"], ComparisonValue: `${TICKET}.Custom.Region`, Negate: false };

describe("the function of a rule as a list", () => {
  it("is read and written without change", () => {
    const list = readFunction(text([type, own], "OR"), ZENDESK)!;
    expect(list.any).toBe(true);
    expect(list.conditions[1]).toEqual({ field: `${TICKET}.Custom`, own: "Region", operator: "CONTAINS_ANY", value: "a\nb", negate: false });
    expect(writeFunction({ ...emptyRule(), ...list }, ZENDESK)).toBe(text([type, own], "OR"));
    expect(writeFunction(emptyRule(), ZENDESK)).toBe(text([]));
  });

  it("stays text where the list cannot say it", () => {
    for (const part of [{ Operator: "OR", Operands: [type] }, { ...type, ComparisonValue: "$.Case.TemplateId" }, { ...type, FilterClause: {} }, { ...type, Operands: [] }])
      expect(readFunction(text([part]), ZENDESK)).toBeNull();
    expect(readFunction("nothing", ZENDESK)).toBeNull();
    const nested = text([{ Operator: "OR", Operands: [type] }]);
    const draft = readRule({ Name: "n", TriggerEventSource: { EventSourceName: "OnZendeskTicketCreate" }, Function: nested, Actions: [] } as unknown as Rule, ZENDESK);
    expect(JSON.parse(writeFunction(draft, ZENDESK))).toEqual(JSON.parse(nested));
  });

  it("knows what is missing", () => {
    expect(isConditionReady(newCondition(ZENDESK), ZENDESK)).toBe(false);
    expect(isConditionReady({ ...newCondition(ZENDESK), value: "question" }, ZENDESK)).toBe(true);
    expect(isConditionReady({ ...newCondition(ZENDESK), field: `${TICKET}.Custom`, value: "x" }, ZENDESK)).toBe(false);
    const task = newAction("CREATE_TASK");
    expect(isActionReady(task)).toBe(false);
    task.action.TaskAction = { Name: "x", ContactFlowId: "f" };
    expect(isActionReady(task)).toBe(true);
    expect(isActionReady({ ...task, references: [{ name: "", type: "URL", value: "x" }] })).toBe(false);
  });
});

describe("the actions of a rule", () => {
  it("keep their references in order and leave out what is empty", () => {
    const task = newAction("CREATE_TASK");
    task.action.TaskAction = { Name: "x", ContactFlowId: "f", Description: "" };
    const references = [{ name: "b", type: "URL" as const, value: " {ticket_url} " }, { name: "a", type: "STRING" as const, value: "1" }, { name: "", type: "URL" as const, value: "" }];
    const [action] = writeActions({ ...emptyRule(), actions: [{ ...task, references }] });
    expect(action!.TaskAction).toEqual({ Name: "x", ContactFlowId: "f", References: { b: { Type: "URL", Value: "{ticket_url}" }, a: { Type: "STRING", Value: "1" } } });
    const [read] = readRule({ Name: "n", TriggerEventSource: { EventSourceName: "OnZendeskTicketCreate" }, Function: text([]), Actions: [action!] } as unknown as Rule, ZENDESK).actions;
    expect(read!.references.map((one) => one.name)).toEqual(["b", "a"]);
  });
});
