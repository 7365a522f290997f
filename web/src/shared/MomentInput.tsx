import { type ReactNode } from "react";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import DatePicker from "@cloudscape-design/components/date-picker";
import FormField from "@cloudscape-design/components/form-field";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import TimeInput from "@cloudscape-design/components/time-input";
import { useI18n } from "../i18n";
import "./moment.css";
import { HERE, type Moment } from "./zoned";

const ZONES = [...new Set([HERE, "UTC", ...Intl.supportedValuesOf("timeZone")])].map((zone) => ({ value: zone, label: zone }));

interface MomentProps {
  moment: Moment;
  label: string;
  readOnly?: boolean;
  /** It may stay empty. */
  optional?: boolean;
  onChange: (moment: Moment) => void;
}

/** A date, a time and a time zone. */
export function MomentInput({ moment, label, readOnly, optional, onChange }: MomentProps): ReactNode {
  const { t } = useI18n();
  const set = (part: Partial<Moment>): void => onChange({ ...moment, ...part });
  return (
    <SpaceBetween size="xs">
      <div className="moment" role="group" aria-label={label}>
        <FormField label={<Box variant="small">{t("task.date")}</Box>}>
          <DatePicker readOnly={readOnly} value={moment.date} onChange={({ detail }) => set({ date: detail.value })} placeholder="YYYY/MM/DD" openCalendarAriaLabel={(day) => (day ? `${t("task.openCalendar")}, ${day}` : t("task.openCalendar"))} />
        </FormField>
        <FormField label={<Box variant="small">{t("task.time")}</Box>}>
          <TimeInput readOnly={readOnly} value={moment.time} onChange={({ detail }) => set({ time: detail.value })} format="hh:mm" placeholder="hh:mm" />
        </FormField>
        <FormField label={<Box variant="small">{t("task.zone")}</Box>}>
          <Select disabled={readOnly} options={ZONES} selectedOption={{ value: moment.zone, label: moment.zone }} filteringType="auto" virtualScroll onChange={({ detail }) => set({ zone: detail.selectedOption.value! })} />
        </FormField>
      </div>
      {optional && (moment.date || moment.time) && !readOnly && (
        <Button variant="inline-link" formAction="none" ariaLabel={t("task.clearOf", { name: label })} onClick={() => set({ date: "", time: "" })}>
          {t("task.clearSchedule")}
        </Button>
      )}
    </SpaceBetween>
  );
}
