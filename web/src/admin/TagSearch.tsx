import type { ReactNode } from "react";
import PropertyFilter from "@cloudscape-design/components/property-filter";
import { useI18n } from "../i18n";
import { tagOf, useTagChoices } from "./tags";
import type { ListRequest } from "./resource";

type Search = Pick<ListRequest, "search" | "tags">;

interface Props {
  /** Type of the resources in searches of tags. */
  type: string;
  search: Search;
  onChange: (search: Search) => void;
}

const TAG = "tag";

/** A search of a list by a text and by tags at once (USER-67). */
export function TagSearch({ type, search, onChange }: Props): ReactNode {
  const { t } = useI18n();
  const choices = useTagChoices(type);
  const tags = search.tags.map((one) => ({ propertyKey: TAG, operator: "=" as const, value: JSON.stringify(one.TagValue === undefined ? [one.TagKey] : [one.TagKey, one.TagValue]) }));
  const texts = search.search ? [{ operator: ":" as const, value: search.search }] : [];
  return (
    <PropertyFilter
      hideOperations
      query={{ operation: "and", tokens: [...texts, ...tags] }}
      onChange={({ detail }) => {
        const text = detail.tokens.filter((one) => !one.propertyKey).map((one) => String(one.value)).at(-1) ?? "";
        onChange({ search: text, tags: detail.tokens.filter((one) => one.propertyKey === TAG).map((one) => tagOf(String(one.value))) });
      }}
      filteringAriaLabel={t("list.searchTags")}
      filteringPlaceholder={t("list.searchTags")}
      freeTextFiltering={{ operators: [":"], defaultOperator: ":" }}
      filteringProperties={[{ key: TAG, operators: ["="], propertyLabel: t("users.tag"), groupValuesLabel: t("tags.title") }]}
      filteringOptions={choices.map(({ value, label }) => ({ propertyKey: TAG, value, label }))}
    />
  );
}
