import { describe, expect, it } from "vitest";
import type { PermissionDetail, UserBatch } from "../src/api/switchroom";
import { incomplete, NO_LIMITS, unrestrictedModules, unrestrictedTypes, unviewable } from "../src/admin/editors/limits";
import { matrix, ticked, unticked } from "../src/admin/editors/permissions";
import { found, treeOf } from "../src/admin/hierarchy/tree";
import { fieldRows } from "../src/admin/history/changedFields";
import { orderSteps } from "../src/admin/statuses/order";
import { tagOf, tagValue } from "../src/admin/tags";
import { newlyEnded, overview } from "../src/admin/users/batches";
import { contactOf, identityOf } from "../src/admin/users/contact";
import { searchOf } from "../src/admin/users/filter";
import { mended } from "../src/admin/users/preferences";
import { proficiencyChanges, proficiencyProblem } from "../src/admin/users/Proficiencies";
import { isPassword } from "../src/shared/passwordRule";

describe("filters of users", () => {
  const token = (propertyKey: string | undefined, operator: string, value: string) => ({ propertyKey, operator, value }) as never;
  it("combine, any value of one property, every tag", () => {
    const search = searchOf({ operation: "and", tokens: [token("login", ":", "ann"), token("routing", "=", "r1"), token("routing", "=", "r2"), token("below", "=", "g"), token("tag", "=", tagValue("a:b", "c"))] });
    const name = (FieldName: string, Value: string, ComparisonType: string) => ({ StringCondition: { FieldName, Value, ComparisonType } });
    expect(search.SearchCriteria).toEqual({
      AndConditions: [
        name("Username", "ann", "CONTAINS"),
        { OrConditions: [name("RoutingProfileId", "r1", "EXACT"), name("RoutingProfileId", "r2", "EXACT")] },
        { HierarchyGroupCondition: { Value: "g", HierarchyGroupMatchType: "WITH_CHILD_GROUPS" } },
      ],
    });
    expect(search.SearchFilter).toEqual({ TagFilter: { TagCondition: { TagKey: "a:b", TagValue: "c" } } });
    expect(searchOf({ operation: "and", tokens: [] })).toEqual({});
  });
  it("search all names for a text, from the start if it is one character", () => {
    const { SearchCriteria } = searchOf({ operation: "and", tokens: [token(undefined, ":", "x")] });
    expect(SearchCriteria?.OrConditions?.map((one) => one.StringCondition)).toEqual(
      ["Username", "FirstName", "LastName"].map((FieldName) => ({ FieldName, Value: "x", ComparisonType: "STARTS_WITH" })),
    );
  });
  it("take typed tags", () => {
    expect(tagOf("Department: Test")).toEqual({ TagKey: "Department", TagValue: "Test" });
    expect(tagOf("Department")).toEqual({ TagKey: "Department" });
  });
});

describe("batches", () => {
  const batch = (BatchId: string, State: UserBatch["State"]): UserBatch => ({ BatchId, Kind: "EDIT", State, Total: 5, Succeeded: 0, Failed: 0, StartedAt: 0 });
  it("show the one at work, those behind it in their order, those that are over", () => {
    const seen = overview([batch("d", "QUEUED"), batch("c", "QUEUED"), batch("b", "RUNNING"), batch("a", "DONE")]);
    expect([seen.current?.BatchId, seen.waiting.map((one) => one.BatchId), seen.ended.map((one) => one.BatchId)]).toEqual(["b", ["c", "d"], ["a"]]);
    expect(newlyEnded([batch("a", "RUNNING"), batch("b", "QUEUED")], [batch("b", "RUNNING"), batch("a", "CANCELLED")]).map((one) => one.BatchId)).toEqual(["a"]);
  });
});

describe("permissions", () => {
  const detail = (Permission: string, Brings: string[] = [], Suggests: string[] = []): [string, PermissionDetail] => [Permission, { Permission, Brings, Suggests, Risky: false, Restricts: false, New: false }];
  const details = new Map([detail("Queues.View"), detail("Queues.Edit", ["Queues.View"]), detail("ListenCallRecordings", [], ["DownloadCallRecordings"]), detail("DownloadCallRecordings")]);
  it("bring what they depend on and take along what depends on them", () => {
    expect(ticked([], ["Queues.Edit", "ListenCallRecordings"], details)).toEqual(["DownloadCallRecordings", "ListenCallRecordings", "Queues.Edit", "Queues.View"]);
    expect(unticked(["Queues.Edit", "Queues.View"], ["Queues.View"], details)).toEqual([]);
    expect(unticked(["DownloadCallRecordings", "ListenCallRecordings"], ["DownloadCallRecordings"], details)).toEqual(["ListenCallRecordings"]);
  });
  it("stand in rows by type and columns by action", () => {
    const grid = matrix(["Queues.Create", "Queues.View", "BasicAgentAccess", "DownloadCallRecordings", "AccessMetrics.Dashboards.Access"]);
    expect(grid.columns).toEqual(["View", "Access", "Create", "Download"]);
    expect(grid.rows.map((row) => row.type)).toEqual(["Queues", "BasicAgentAccess", "CallRecordings", "AccessMetrics.Dashboards"]);
  });
});

describe("access control", () => {
  const limits = { ...NO_LIMITS, TagRestrictedResources: ["User"], AllowedAccessControlTags: { a: "1" } };
  it("warns of what a restriction leaves open", () => {
    expect(unviewable(limits, ["Queues.View"])).toEqual(["User"]);
    expect(unrestrictedTypes(limits)).toEqual(["SecurityProfile", "RoutingProfile", "Queue"]);
    expect(unrestrictedModules(["Prompts.View", "AccessMetrics"]).map((one) => one.module)).toEqual(["dashboards", "changes", "prompts"]);
  });
  it("needs resources and tags", () => {
    expect([incomplete(limits), incomplete(NO_LIMITS), incomplete({ ...limits, AllowedAccessControlTags: {} })]).toEqual([false, false, true]);
  });
});

describe("hierarchy", () => {
  const group = (Id: string, ...path: string[]) => {
    const levels = ["LevelOne", "LevelTwo", "LevelThree"];
    return { Id, Name: `name ${Id}`, HierarchyPath: Object.fromEntries([...path, Id].map((one, at) => [levels[at], { Id: one }])) };
  };
  it("becomes a tree that can be searched", () => {
    const tree = treeOf([group("c", "a", "b"), group("b", "a"), group("a"), group("d")], "en");
    expect(tree.map((one) => [one.id, one.children.map((two) => two.id)])).toEqual([["a", ["b"]], ["d", []]]);
    expect(found(tree, "name c")[0]!.children[0]!.children[0]!.depth).toBe(2);
    expect(found(tree, "nothing")).toEqual([]);
  });
});

describe("order of statuses", () => {
  it("is reached without two having the same place", () => {
    const statuses = [["c", 3], ["a", 1], ["b", 2], ["d", undefined]].map(([AgentStatusId, DisplayOrder]) => ({ AgentStatusId, DisplayOrder }) as { AgentStatusId: string; DisplayOrder?: number });
    const places = new Map(statuses.map((one) => [one.AgentStatusId, one.DisplayOrder]));
    for (const { id, order } of orderSteps(statuses)!) {
      expect([...places.values()]).not.toContain(order);
      places.set(id, order);
    }
    expect([...places].sort((a, b) => a[1]! - b[1]!).map(([id]) => id)).toEqual(["c", "a", "b", "d"]);
  });
  it("cannot change when all places are taken", () => {
    const full = Array.from({ length: 50 }, (_, at) => ({ AgentStatusId: String(at), DisplayOrder: at + 1 }));
    expect(orderSteps(full)).toEqual([]);
    expect(orderSteps([full[1]!, full[0]!, ...full.slice(2)])).toBeNull();
  });
});

describe("columns of the list of users", () => {
  it("are as they were chosen; what a release adds is shown, what it takes away is gone", () => {
    const kept = { pageSize: 50, columns: [{ id: "tags", visible: true }, { id: "gone", visible: true }, { id: "login", visible: false }] };
    expect(mended(kept, ["login", "group", "tags"])).toEqual({ pageSize: 50, columns: [{ id: "tags", visible: true }, { id: "login", visible: false }, { id: "group", visible: true }] });
    for (const nothing of [null, "text", { pageSize: 7, columns: [null] }]) {
      expect(mended(nothing, ["login"])).toEqual({ pageSize: 25, columns: [{ id: "login", visible: true }] });
    }
  });
});

describe("forms of users", () => {
  it("know the rule for passwords", () => {
    expect(["abc", "alllowercase1", "NOLOWER11", "NoDigitsHere", "Very-Good-1", `Aa1${"x".repeat(62)}`].map(isPassword)).toEqual([false, false, false, false, true, false]);
  });
  it("leave out what is empty", () => {
    expect(identityOf({ ...contactOf({ FirstName: "Ann" }), Mobile: " " })).toEqual({ FirstName: "Ann" });
  });
  it("find what changed of proficiencies", () => {
    const one = (AttributeValue: string, Level: number) => ({ AttributeName: "Language", AttributeValue, Level });
    expect(proficiencyChanges([one("en", 3), one("ja", 2)], [one("en", 5), one("pt", 1)])).toEqual({ added: [one("pt", 1)], changed: [one("en", 5)], removed: [one("ja", 2)] });
    expect([proficiencyProblem([one("en", 3)]), proficiencyProblem([one("", 3)])]).toEqual([undefined, "proficiency.incomplete"]);
  });
});

describe("change history", () => {
  const change = { ChangeId: "1", At: 0, Action: "UPDATED" as const, ResourceType: "user", ResourceId: "u" };
  it("has a row for each field, as people read it if the service says so", () => {
    const told = fieldRows([{ ...change, Fields: [{ Field: "Softphone auto answer", Before: "Not enabled", After: "Enabled" }, { Field: "ACW Timeout", Before: "0", After: "10" }] }]);
    expect(told.map((row) => [row.field, row.before, row.after])).toEqual([["Softphone auto answer", "Not enabled", "Enabled"], ["ACW Timeout", "0", "10"]]);
    expect(fieldRows([{ ...change, Before: '{"a":1}', After: '{"a":2}' }]).map((row) => row.field)).toEqual(["a"]);
    expect(fieldRows([{ ...change, Action: "DELETED" }])).toHaveLength(1);
  });
});
