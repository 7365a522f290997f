import { useEffect, useState } from "react";
import { connect } from "../api";
import type { ControlPlaneTagFilter, TagCondition } from "../api/connect";
import { everyPage } from "../shared/everyPage";
import { useSession } from "../shared/session";
import type { Choice } from "./sources";

/** A tag as the value of a filter. */
export function tagValue(key: string, value: string): string {
  return JSON.stringify([key, value]);
}

/** The tag of a filter: one that was offered, or `key: value` as somebody typed it. */
export function tagOf(given: string): TagCondition {
  try {
    const [TagKey, TagValue] = JSON.parse(given) as [string, string];
    return { TagKey, TagValue };
  } catch {
    const [key = "", ...rest] = given.split(":");
    const value = rest.join(":").trim();
    return value ? { TagKey: key.trim(), TagValue: value } : { TagKey: key.trim() };
  }
}

/** A search filter for resources that carry every tag. */
export function tagFilter(tags: TagCondition[]): { TagFilter: ControlPlaneTagFilter } | undefined {
  if (!tags.length) return undefined;
  return { TagFilter: tags.length > 1 ? { AndConditions: tags } : { TagCondition: tags[0]! } };
}

/** The tags in use on resources of a type, as the values of a filter. */
export function useTagChoices(type: string): Choice[] {
  const { instanceId } = useSession();
  const [choices, setChoices] = useState<Choice[]>([]);
  useEffect(() => {
    everyPage(async (NextToken) => {
      const page = await connect("SearchResourceTags", { InstanceId: instanceId, ResourceTypes: [type], NextToken, MaxResults: 100 });
      return [page.Tags, page.NextToken];
    }).then(
      (tags) => setChoices(tags.map(({ key = "", value = "" }) => ({ value: tagValue(key, value), label: `${key}: ${value}` }))),
      () => undefined, // a tag can be typed as well
    );
  }, [type, instanceId]);
  return choices;
}
