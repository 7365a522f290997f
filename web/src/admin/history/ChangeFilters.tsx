import type { ReactNode } from "react";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import DateRangePicker from "@cloudscape-design/components/date-range-picker";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import { useI18n } from "../../i18n";
import type { ChangeFilter } from "./useChanges";

type WhoAndWhen = Pick<ChangeFilter, "by" | "range">;

interface Props {
  filter: WhoAndWhen;
  onChange: (part: Partial<WhoAndWhen>) => void;
  /** A filter that stands before them. */
  children?: ReactNode;
}

/** Filters of a change history: user name and range of dates (ROUT-75). */
export function ChangeFilters({ filter, onChange, children }: Props): ReactNode {
  const { t } = useI18n();
  return (
    <ColumnLayout columns={children ? 3 : 2}>
      {children}
      <FormField label={t("history.byName")}>
        <Input type="search" value={filter.by} placeholder={t("form.any")} onChange={({ detail }) => onChange({ by: detail.value })} />
      </FormField>
      <FormField label={t("history.changedWhen")}>
        <DateRangePicker
          value={filter.range}
          expandToViewport
          placeholder={t("form.any")}
          onChange={({ detail }) => onChange({ range: detail.value })}
          relativeOptions={[
            { key: "hour", amount: 1, unit: "hour", type: "relative" },
            { key: "day", amount: 1, unit: "day", type: "relative" },
            { key: "week", amount: 1, unit: "week", type: "relative" },
            { key: "month", amount: 1, unit: "month", type: "relative" },
          ]}
          isValidRange={() => ({ valid: true })}
        />
      </FormField>
    </ColumnLayout>
  );
}
