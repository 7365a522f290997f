import { useState, type ReactNode } from "react";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import FormField from "@cloudscape-design/components/form-field";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useI18n } from "../../i18n";
import { ChangeFilters } from "./ChangeFilters";
import { ChangeTable } from "./ChangeTable";
import { useChanges, type ChangeFilter } from "./useChanges";

const PAGE = 20;

interface Props {
  /** Kinds to choose from; with one there is no choice. */
  kinds: string[];
  id?: string;
}

/** Who changed what and when, newest first, under the page of what it is about. Nothing for people who may not see it. */
export function ChangeHistory({ kinds, id }: Props): ReactNode {
  const { t, code } = useI18n();
  const [filter, setFilter] = useState<ChangeFilter>({ kind: kinds[0], id, by: "", range: null });
  const found = useChanges(filter, PAGE);
  const set = (part: Partial<ChangeFilter>): void => setFilter((now) => ({ ...now, ...part }));
  if (found.error) return null;
  const options = kinds.map((value) => ({ value, label: code("resourceKind", value) }));
  const { changes, more } = found;
  return (
    <ExpandableSection variant="container" headerText={t("history.title")} headerCounter={changes ? `(${changes.length}${more ? "+" : ""})` : ""}>
      <SpaceBetween size="m">
        <ChangeFilters filter={filter} onChange={set}>
          {kinds.length > 1 && (
            <FormField label={t("history.resourceType")}>
              <Select options={options} selectedOption={options.find((one) => one.value === filter.kind)!} onChange={({ detail }) => set({ kind: detail.selectedOption.value })} />
            </FormField>
          )}
        </ChangeFilters>
        <ChangeTable {...found} title={t("history.title")} variant="embedded" />
      </SpaceBetween>
    </ExpandableSection>
  );
}
