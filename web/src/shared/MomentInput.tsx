import { type ReactNode } from "react";
import Button from "@cloudscape-design/components/button";
import DatePicker from "@cloudscape-design/components/date-picker";
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
  onChange: (moment: Moment) => void;
}

/** A date, a time and a time zone. */
export function MomentInput({ moment, label, readOnly, onChange }: MomentProps): ReactNode {
  const { t } = useI18n();
  const set = (part: Partial<Moment>): void => onChange({ ...moment, ...part });
  return (
    <SpaceBetween size="xs">
      <div className="moment">
        <DatePicker readOnly={readOnly} value={moment.date} onChange={({ detail }) => set({ date: detail.value })} placeholder="YYYY/MM/DD" ariaLabel={t("task.dateOf", { name: label })} openCalendarAriaLabel={(day) => (day ? `${t("task.openCalendar")}, ${day}` : t("task.openCalendar"))} />
        <TimeInput readOnly={readOnly} value={moment.time} onChange={({ detail }) => set({ time: detail.value })} format="hh:mm" placeholder="hh:mm" ariaLabel={t("task.timeOf", { name: label })} />
        <Select disabled={readOnly} options={ZONES} selectedOption={{ value: moment.zone, label: moment.zone }} filteringType="auto" virtualScroll ariaLabel={t("task.zoneOf", { name: label })} onChange={({ detail }) => set({ zone: detail.selectedOption.value! })} />
      </div>
      {(moment.date || moment.time) && !readOnly && (
        <Button variant="inline-link" formAction="none" ariaLabel={t("task.clearOf", { name: label })} onClick={() => set({ date: "", time: "" })}>
          {t("task.clearSchedule")}
        </Button>
      )}
    </SpaceBetween>
  );
}
