import type { ReactNode } from "react";
import { connect, switchroom } from "../api";
import type { TagCondition } from "../api/connect";
import type { TextKey } from "../i18n";
import type { SourceName } from "./sources";

export interface Context {
  instanceId: string;
}

export interface Page<Item> {
  items: Item[];
  nextToken?: string;
}

export interface ListRequest {
  search: string;
  /** Every tag that the items must carry. */
  tags: TagCondition[];
  nextToken?: string;
}

export interface Column<Item> {
  id: string;
  header: TextKey;
  /** A name becomes a link to the item; `source` shows the name behind an identifier. */
  cell: (item: Item) => ReactNode;
  source?: SourceName;
  /** Group of codes to translate the value with. */
  codes?: string;
}

interface FieldBase<Draft> {
  name: keyof Draft & string;
  label: TextKey;
  help?: TextKey;
  /** Heading of the part of the form it stands in; fields of one part stand together. */
  section?: TextKey;
  required?: boolean;
  /** Shown only when making a new one. */
  onlyNew?: boolean;
  /** Cannot be changed later. */
  fixed?: boolean;
  when?: (draft: Draft) => boolean;
  /** Whether it is missing, where that is not whether it is empty. */
  needed?: (draft: Draft) => boolean;
  /** What is wrong with what was given, if anything; it keeps the form from being saved. */
  wrong?: (draft: Draft) => TextKey | undefined;
  /** What changing it later needs where that is not what changing the others needs. */
  permission?: string;
  /** Its part of the form is closed until somebody opens it. */
  advanced?: boolean;
}

export interface CustomProps<Draft> {
  draft: Draft;
  change: (part: Partial<Draft>) => void;
  disabled: boolean;
  isNew: boolean;
  /** What is wrong with it, to be shown. */
  problem?: string;
}

export type Field<Draft> = FieldBase<Draft> &
  (
    | { kind: "text" | "textarea" | "password" | "email"; most?: number }
    | { kind: "number"; min?: number; max?: number }
    | { kind: "toggle" }
    | { kind: "select"; options: { value: string; label: TextKey }[] }
    | { kind: "reference"; source: SourceName }
    | { kind: "references"; source: SourceName }
    | { kind: "custom"; render: (props: CustomProps<Draft>) => ReactNode }
  );

/** Members every draft has: its tags, and once it exists its ARN. */
export interface Draft {
  Tags: Record<string, string>;
  Arn?: string;
}

/** A configuration object as the pages see it: how to list, show, make, change and delete it. */
export interface Resource<Item, D extends Draft> {
  /** Place in the address. */
  key: string;
  /** Kind in the change history. */
  kind: string;
  title: TextKey;
  /** What one of them is called, on the button that makes one. */
  one: TextKey;
  /** First part of its permissions: Queues for Queues.View, Queues.Create, Queues.Edit, Queues.Delete. */
  permission: string;
  /** What deleting needs where there is no permission of its own for it. */
  deletePermission?: string;
  /** What making and changing need where there are no permissions of its own for them. */
  changePermission?: string;
  /** Its type in searches of tags, if the list can be searched by tags. */
  tagType?: string;
  /** Its type in the limits of security profiles, if they can limit it. */
  accessType?: "User" | "SecurityProfile" | "RoutingProfile" | "Queue";
  /** It carries no tags. */
  untagged?: boolean;
  list: (context: Context, request: ListRequest) => Promise<Page<Item>>;
  id: (item: Item) => string;
  name: (item: Item) => string;
  columns: Column<Item>[];
  fields: Field<D>[];
  blank: () => D;
  /** What a new one is to start with, where that must be asked for. */
  prepare?: (context: Context) => Promise<Partial<D>>;
  load: (context: Context, id: string) => Promise<D>;
  nameOf: (draft: D) => string;
  create?: (context: Context, draft: D) => Promise<string | undefined>;
  update: (context: Context, id: string, draft: D, before: D) => Promise<void>;
  remove?: (context: Context, id: string) => Promise<unknown>;
  /** Something to show above the list. */
  above?: () => ReactNode;
  /** Something to show instead of an empty list. */
  empty?: () => ReactNode;
  /** Seconds after which the list is read again by itself. */
  refreshSeconds?: number;
  /** More buttons on the page of one. */
  actions?: (props: { id: string; draft: D }) => ReactNode;
  /** What stands under the form of one that exists. */
  below?: (props: { id: string; draft: D }) => ReactNode;
  /** A dialog of its own that deletes one; `onClose` is told whether it is done. */
  deletion?: (props: { id: string; name: string; onClose: (done: boolean) => void }) => ReactNode;
  /** A list of its own instead of the table. */
  listPage?: () => ReactNode;
  /** A page of its own instead of the form. */
  page?: (props: { id: string; rest: string }) => ReactNode;
  /** What fills the window instead of a page beside the navigation; null for one that does not. `id` may be "new". */
  wholePage?: (props: { id: string; rest: string }) => ReactNode;
}

// The pages handle resources of any item and draft type; each declaration is checked where it is written.
export type AnyResource = Resource<any, any>;

export function contains(search: string, field = "name"): { StringCondition: { FieldName: string; Value: string; ComparisonType: "CONTAINS" } } | undefined {
  return search ? { StringCondition: { FieldName: field, Value: search, ComparisonType: "CONTAINS" } } : undefined;
}

/** True if any of the named members differ. */
export function changed<D>(before: D, draft: D, ...names: (keyof D)[]): boolean {
  return names.some((name) => JSON.stringify(before[name]) !== JSON.stringify(draft[name]));
}

/** Items to add and to take away to get from one list to another. */
export function difference(before: string[], after: string[]): { added: string[]; removed: string[] } {
  return { added: after.filter((one) => !before.includes(one)), removed: before.filter((one) => !after.includes(one)) };
}

/** The tags that a person's limits demand of a new resource of a type; none for most people. */
export async function demandedTags(instanceId: string, userId: string, type: AnyResource["accessType"]): Promise<Record<string, string>> {
  const { Restrictions } = await switchroom("GetEffectiveAccess", { InstanceId: instanceId, UserId: userId });
  const limit = Restrictions.find((one) => one.ResourceType === type);
  return Object.fromEntries((limit?.Tags ?? []).map((tag) => [tag.Key, tag.Value]));
}

export async function saveTags(before: Draft, draft: Draft): Promise<void> {
  if (!before.Arn || !changed(before, draft, "Tags")) return;
  const gone = Object.keys(before.Tags).filter((key) => !(key in draft.Tags));
  if (gone.length) await connect("UntagResource", { resourceArn: before.Arn, tagKeys: gone });
  const set = Object.fromEntries(Object.entries(draft.Tags).filter(([key, value]) => before.Tags[key] !== value));
  if (Object.keys(set).length) await connect("TagResource", { resourceArn: before.Arn, tags: set });
}

export function mayDelete(resource: AnyResource, may: (...permissions: string[]) => boolean): boolean {
  return resource.remove !== undefined && may(resource.deletePermission ?? `${resource.permission}.Delete`);
}

export function mayCreate(resource: AnyResource, may: (...permissions: string[]) => boolean): boolean {
  const needed = resource.changePermission ? [resource.changePermission] : [`${resource.permission}.Create`, `${resource.permission}.Claim`];
  return resource.create !== undefined && may(...needed);
}

export function mayEdit(resource: AnyResource, may: (...permissions: string[]) => boolean): boolean {
  const needed = resource.changePermission ? [resource.changePermission] : [`${resource.permission}.Edit`, `${resource.permission}.EditPermission`];
  return may(...needed);
}

/** Whether a person may set a field: with the others of a new one, by its own permission later. */
export function mayChange(resource: AnyResource, field: FieldBase<never>, isNew: boolean, may: (...permissions: string[]) => boolean): boolean {
  if (isNew) return mayCreate(resource, may);
  return !field.fixed && may(field.permission ?? resource.changePermission ?? `${resource.permission}.Edit`);
}

export function optional(text: string | undefined): string | undefined {
  return text === "" ? undefined : text;
}

export function tagsOrNone(tags: Record<string, string>): Record<string, string> | undefined {
  return Object.keys(tags).length ? tags : undefined;
}
