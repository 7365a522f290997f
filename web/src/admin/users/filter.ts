import type { PropertyFilterProps } from "@cloudscape-design/components/property-filter";
import type { SearchUsersRequest, UserSearchCriteria } from "../../api/connect";
import { tagFilter, tagOf } from "../tags";

export type Query = PropertyFilterProps.Query;
export type Search = Pick<SearchUsersRequest, "SearchCriteria" | "SearchFilter">;

export const NO_FILTER: Query = { tokens: [], operation: "and" };

const COMPARISONS = { "=": "EXACT", "^": "STARTS_WITH", ":": "CONTAINS" } as const;
const FIELDS: Record<string, string> = { login: "Username", first: "FirstName", last: "LastName", routing: "RoutingProfileId", security: "SecurityProfileId" };
const NAMES = ["login", "first", "last"];
const LONGEST_PART = 25;

function text(property: string, operator: string, value: string): UserSearchCriteria {
  const wanted = COMPARISONS[operator as keyof typeof COMPARISONS] ?? "CONTAINS";
  const part = wanted === "CONTAINS" && (value.length < 2 || value.length > LONGEST_PART);
  return { StringCondition: { FieldName: FIELDS[property]!, Value: value, ComparisonType: part ? "STARTS_WITH" : wanted } };
}

function criteria({ propertyKey, operator, value }: PropertyFilterProps.Token): UserSearchCriteria {
  const given = String(value).trim();
  if (!propertyKey) return { OrConditions: NAMES.map((name) => text(name, operator, given)) };
  if (propertyKey === "group") return { HierarchyGroupCondition: { Value: given, HierarchyGroupMatchType: "EXACT" } };
  if (propertyKey === "below") return { HierarchyGroupCondition: { Value: given, HierarchyGroupMatchType: "WITH_CHILD_GROUPS" } };
  return text(propertyKey, operator, given);
}

/** What to ask SearchUsers (USER-15): any value of one property, all properties, and every tag. */
export function searchOf({ tokens }: Query): Search {
  const properties = new Map<string, UserSearchCriteria[]>();
  for (const token of tokens.filter((one) => one.propertyKey !== "tag")) {
    const key = token.propertyKey ?? `text ${properties.size}`;
    properties.set(key, [...(properties.get(key) ?? []), criteria(token)]);
  }
  const all = [...properties.values()].map((some) => (some.length > 1 ? { OrConditions: some } : some[0]!));
  const tags = tokens.filter((one) => one.propertyKey === "tag").map((one) => tagOf(String(one.value)));
  return {
    SearchCriteria: all.length > 1 ? { AndConditions: all } : all[0],
    SearchFilter: tagFilter(tags),
  };
}
