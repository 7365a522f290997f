import { useMemo, type ReactNode } from "react";
import Badge from "@cloudscape-design/components/badge";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { TableProps } from "@cloudscape-design/components/table";
import type { UserSearchSummary } from "../../api/connect";
import type { I18n, TextKey } from "../../i18n";
import { goTo } from "../../shared/hooks";
import { useChoices } from "../sources";

/** Text of a column, to sort by and to show. */
export interface UserColumn {
  id: string;
  header: TextKey;
  text: (user: UserSearchSummary) => string;
}

/** Columns of the list of users, with names in place of identifiers. */
export function useUserColumns(): UserColumn[] {
  const security = useChoices("securityProfiles");
  const routing = useChoices("routingProfiles");
  const groups = useChoices("hierarchyGroups");
  return useMemo(() => [
    { id: "login", header: "users.login", text: (user) => user.Username ?? "" },
    { id: "first", header: "users.firstName", text: (user) => user.IdentityInfo?.FirstName ?? "" },
    { id: "last", header: "users.lastName", text: (user) => user.IdentityInfo?.LastName ?? "" },
    { id: "security", header: "securityProfiles.title", text: (user) => (user.SecurityProfileIds ?? []).map(security.label).join(", ") },
    { id: "routing", header: "field.routingProfile", text: (user) => routing.label(user.RoutingProfileId) },
    { id: "group", header: "field.hierarchyGroup", text: (user) => groups.label(user.HierarchyGroupId) },
    { id: "tags", header: "tags.title", text: (user) => tagTexts(user).join(", ") },
  ], [security.choices, routing.choices, groups.choices]);
}

function tagTexts(user: UserSearchSummary): string[] {
  return Object.entries(user.Tags ?? {}).map(([key, value]) => (value ? `${key}: ${value}` : key));
}

/** The users in the order of a column. */
export function sorted(users: UserSearchSummary[], column: UserColumn | undefined, descending: boolean, language: string): UserSearchSummary[] {
  if (!column) return users;
  const order = new Intl.Collator(language, { numeric: true, sensitivity: "base" });
  const keyed = users.map((user) => ({ user, key: column.text(user) }));
  keyed.sort((a, b) => order.compare(a.key, b.key) * (descending ? -1 : 1));
  return keyed.map((one) => one.user);
}

/** Definitions of the table for the columns. */
export function definitions(columns: UserColumn[], t: I18n["t"]): TableProps.ColumnDefinition<UserSearchSummary>[] {
  return columns.map((column, at) => ({
    id: column.id,
    header: t(column.header),
    sortingField: column.id,
    isRowHeader: at === 0,
    minWidth: 120,
    cell: (user) => (at === 0 ? <UserLink user={user} /> : column.id === "tags" ? <Tags user={user} /> : column.text(user) || "–"),
  }));
}

function UserLink({ user }: { user: UserSearchSummary }): ReactNode {
  return (
    <Link
      href={`#/r/users/${encodeURIComponent(user.Id!)}`}
      onFollow={(event) => {
        event.preventDefault();
        goTo("r", "users", user.Id!);
      }}
    >
      {user.Username}
    </Link>
  );
}

function Tags({ user }: { user: UserSearchSummary }): ReactNode {
  const tags = tagTexts(user);
  if (!tags.length) return "–";
  return (
    <SpaceBetween direction="horizontal" size="xxs">
      {tags.map((tag) => <Badge key={tag}>{tag}</Badge>)}
    </SpaceBetween>
  );
}
