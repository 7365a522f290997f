import { type ReactNode } from "react";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import Select from "@cloudscape-design/components/select";
import Table from "@cloudscape-design/components/table";
import TimeInput from "@cloudscape-design/components/time-input";
import type { HoursOfOperationConfig, HoursOfOperationTimeSlice } from "../../api/connect";
import { useI18n } from "../../i18n";

const DAYS = ["SUNDAY", "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY"] as const;

interface Props {
  value: HoursOfOperationConfig[];
  disabled: boolean;
  onChange: (value: HoursOfOperationConfig[]) => void;
}

const two = (value: number): string => String(value).padStart(2, "0");
const show = (slice: HoursOfOperationTimeSlice): string => `${two(slice.Hours)}:${two(slice.Minutes)}`;

function read(text: string): HoursOfOperationTimeSlice | null {
  const match = /^(\d\d):(\d\d)$/.exec(text);
  return match ? { Hours: Number(match[1]), Minutes: Number(match[2]) } : null;
}

/** Opening hours of the week: any number of spans a day. */
export function HoursTable({ value, disabled, onChange }: Props): ReactNode {
  const { t, code } = useI18n();
  const rows = value.map((span, at) => ({ ...span, at })).sort((a, b) => DAYS.indexOf(a.Day) - DAYS.indexOf(b.Day) || a.StartTime.Hours - b.StartTime.Hours);
  const days = DAYS.map((day) => ({ value: day, label: code("day", day) }));
  const set = (at: number, part: Partial<HoursOfOperationConfig>): void => onChange(value.map((span, index) => (index === at ? { ...span, ...part } : span)));
  const time = (row: (typeof rows)[number], name: "StartTime" | "EndTime"): ReactNode => (
    <TimeInput
      format="hh:mm" disabled={disabled} ariaLabel={t(name === "StartTime" ? "hours.from" : "hours.to")} value={show(row[name])}
      onChange={({ detail }) => {
        const slice = read(detail.value);
        if (slice) set(row.at, { [name]: slice });
      }}
    />
  );
  return (
    <Table
      variant="embedded"
      header={
        <Header
          variant="h3"
          description={t("hours.weekHelp")}
          actions={
            <Button formAction="none" disabled={disabled} iconName="add-plus" onClick={() => onChange([...value, { Day: "MONDAY", StartTime: { Hours: 9, Minutes: 0 }, EndTime: { Hours: 17, Minutes: 0 } }])}>
              {t("hours.addSpan")}
            </Button>
          }
        >
          {t("hours.week")}
        </Header>
      }
      items={rows}
      columnDefinitions={[
        { id: "day", header: t("hours.day"), isRowHeader: true, cell: (row) => <Select ariaLabel={t("hours.day")} disabled={disabled} options={days} selectedOption={days.find((one) => one.value === row.Day)!} onChange={({ detail }) => set(row.at, { Day: detail.selectedOption.value as HoursOfOperationConfig["Day"] })} /> },
        { id: "from", header: t("hours.from"), cell: (row) => time(row, "StartTime") },
        { id: "to", header: t("hours.to"), cell: (row) => time(row, "EndTime") },
        { id: "remove", header: <span className="visually-hidden">{t("action.remove")}</span>, width: 60, cell: (row) => <Button formAction="none" variant="icon" iconName="remove" ariaLabel={t("action.remove")} disabled={disabled} onClick={() => onChange(value.filter((_, at) => at !== row.at))} /> },
      ]}
      empty={<Box textAlign="center" color="inherit">{t("hours.closed")}</Box>}
    />
  );
}
