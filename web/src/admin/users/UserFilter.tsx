import type { ReactNode } from "react";
import PropertyFilter, { type PropertyFilterProps } from "@cloudscape-design/components/property-filter";
import { useI18n, type TextKey } from "../../i18n";
import { useChoices, type Choice } from "../sources";
import { useTagChoices } from "../tags";
import type { Query } from "./filter";

interface Property {
  key: string;
  label: TextKey;
  group: TextKey;
  operators: PropertyFilterProps.ComparisonOperator[];
}

const TEXT: PropertyFilterProps.ComparisonOperator[] = [":", "^", "="];
const PROPERTIES: Property[] = [
  { key: "login", label: "users.login", group: "users.logins", operators: TEXT },
  { key: "first", label: "users.firstName", group: "users.firstNames", operators: TEXT },
  { key: "last", label: "users.lastName", group: "users.lastNames", operators: TEXT },
  { key: "security", label: "field.securityProfile", group: "securityProfiles.title", operators: ["="] },
  { key: "routing", label: "field.routingProfile", group: "routingProfiles.title", operators: ["="] },
  { key: "group", label: "field.hierarchyGroup", group: "users.groups", operators: ["="] },
  { key: "below", label: "users.groupBelow", group: "users.groupsBelow", operators: ["="] },
  { key: "tag", label: "users.tag", group: "tags.title", operators: ["="] },
];

interface Props {
  query: Query;
  count?: number;
  onChange: (query: Query) => void;
}

/** Filters of the list of users, all of them at once. */
export function UserFilter({ query, count, onChange }: Props): ReactNode {
  const { t } = useI18n();
  const routing = useChoices("routingProfiles");
  const security = useChoices("securityProfiles");
  const groups = useChoices("hierarchyGroups");
  const tags = useTagChoices("USER");
  const options = (propertyKey: string, choices: Choice[]): PropertyFilterProps.FilteringOption[] => choices.map(({ value, label }) => ({ propertyKey, value, label }));
  return (
    <PropertyFilter
      query={query}
      onChange={({ detail }) => onChange(detail)}
      hideOperations
      countText={count === undefined ? undefined : t("users.found", { count })}
      filteringAriaLabel={t("users.filter")}
      filteringPlaceholder={t("users.filter")}
      filteringProperties={PROPERTIES.map(({ key, label, group, operators }) => ({ key, operators, propertyLabel: t(label), groupValuesLabel: t(group) }))}
      filteringOptions={[
        ...options("security", security.choices),
        ...options("routing", routing.choices),
        ...options("group", groups.choices),
        ...options("below", groups.choices),
        ...options("tag", tags),
      ]}
    />
  );
}
