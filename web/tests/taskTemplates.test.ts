import { describe, expect, it } from "vitest";
import { blankRow, rowsProblem } from "../src/admin/editors/TemplateFields";
import { actionsOf } from "../src/admin/pages/ContactActions";
import { rowsToSave, taskTemplates } from "../src/admin/resources/taskTemplates";
import type { Contact } from "../src/api/connect";

const name = blankRow("NAME", "Name", true);

describe("the editor of task templates", () => {
  it("says what keeps fields from being saved", () => {
    expect(rowsProblem([name])).toBeUndefined();
    expect(rowsProblem([name, blankRow("TEXT", " ")])).toBe("taskTemplates.nameMissing");
    expect(rowsProblem([name, blankRow("TEXT", "Name ")])).toBe("taskTemplates.nameTwice");
    expect(rowsProblem([name, blankRow("SINGLE_SELECT", "Pick")])).toBe("taskTemplates.noOptions");
    expect(rowsProblem([name, { ...blankRow("TEXT", "Secret", true), Hidden: true }])).toBe("taskTemplates.hiddenRequired");
  });

  it("ROUT-88, ROUT-89: adds and removes the fields of assignment, schedule and expiry", () => {
    const draft = { ...taskTemplates.blank(), Rows: [name, blankRow("SCHEDULED_TIME", "When"), blankRow("TEXT", "More")], Assignee: "qc", Expires: true, ExpiryMinutes: 90 };
    const kinds = (part: Partial<typeof draft>): string[] => rowsToSave({ ...draft, ...part }).map((row) => `${row.Type} ${row.Default}`.trim());
    expect(kinds({})).toEqual(["NAME", "SCHEDULED_TIME", "TEXT", "QUICK_CONNECT qc", "EXPIRY_DURATION 90"]);
    expect(kinds({ Schedule: false, Expires: false, Assignment: "FLOW", SelfAssign: true })).toEqual(["NAME", "TEXT", "SELF_ASSIGN"]);
    expect(rowsToSave({ ...draft, Rows: [name, blankRow("TEXT", "Assign to")] }).map((row) => row.Name)).toContain("Assign to (QUICK_CONNECT)");
  });
});

describe("the actions on a contact", () => {
  const all = (): boolean => true;
  const task: Contact = { Id: "c", Channel: "TASK", InitiationMethod: "API" };

  it("QUAL-150: are those that apply and are permitted", () => {
    expect(actionsOf({ ...task, ScheduledTimestamp: 1 }, all)).toEqual(["reschedule", "end"]);
    expect(actionsOf({ ...task, ScheduledTimestamp: 1, ConnectedToSystemTimestamp: 1 }, all)).toEqual(["transfer", "end"]);
    expect(actionsOf(task, (permission) => permission === "StopContact.Enabled")).toEqual(["end"]);
    expect(actionsOf({ ...task, DisconnectTimestamp: 2 }, all)).toEqual([]);
    expect(actionsOf({ Id: "v", Channel: "VOICE", InitiationMethod: "TRANSFER" }, all)).toEqual([]);
    expect(actionsOf({ Id: "v", Channel: "VOICE", InitiationMethod: "INBOUND" }, all)).toEqual(["end"]);
  });
});
