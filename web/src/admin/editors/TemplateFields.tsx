import { type ReactNode } from "react";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Checkbox from "@cloudscape-design/components/checkbox";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import type { TaskTemplateField } from "../../api/connect";
import { useI18n, type TextKey } from "../../i18n";

export interface TemplateRow {
  Name: string;
  Description: string;
  Type: NonNullable<TaskTemplateField["Type"]>;
  Options: string[];
  Required: boolean;
  ReadOnly: boolean;
  Hidden: boolean;
  Default: string;
}

const TYPES = ["NAME", "DESCRIPTION", "SCHEDULED_TIME", "QUICK_CONNECT", "URL", "NUMBER", "TEXT", "TEXT_AREA", "DATE_TIME", "BOOLEAN", "SINGLE_SELECT", "EMAIL"] as const;
const MARKS: [keyof Pick<TemplateRow, "Required" | "ReadOnly" | "Hidden">, TextKey][] = [["Required", "taskTemplates.required"], ["ReadOnly", "taskTemplates.readOnly"], ["Hidden", "taskTemplates.hidden"]];

interface Props {
  rows: TemplateRow[];
  disabled: boolean;
  onChange: (rows: TemplateRow[]) => void;
}

/** Fields of a task template in the order the agent sees them. */
export function TemplateFields({ rows, disabled, onChange }: Props): ReactNode {
  const { t, code } = useI18n();
  const types = TYPES.map((one) => ({ value: one, label: code("taskField", one) }));
  const set = (at: number, part: Partial<TemplateRow>): void => onChange(rows.map((row, index) => (index === at ? { ...row, ...part } : row)));
  const move = (at: number, by: number): void => {
    const next = [...rows];
    const [row] = next.splice(at, 1);
    next.splice(at + by, 0, row!);
    onChange(next);
  };
  return (
    <Table
      variant="embedded"
      wrapLines
      header={
        <Header
          variant="h3"
          actions={
            <Button formAction="none" disabled={disabled} iconName="add-plus" onClick={() => onChange([...rows, { Name: "", Description: "", Type: "TEXT", Options: [], Required: false, ReadOnly: false, Hidden: false, Default: "" }])}>
              {t("taskTemplates.addField")}
            </Button>
          }
        >
          {t("taskTemplates.fields")}
        </Header>
      }
      items={rows.map((row, at) => ({ ...row, at }))}
      columnDefinitions={[
        { id: "name", header: t("field.name"), minWidth: 160, isRowHeader: true, cell: (row) => <Input ariaLabel={t("field.name")} disabled={disabled} value={row.Name} onChange={({ detail }) => set(row.at, { Name: detail.value })} /> },
        { id: "type", header: t("field.type"), minWidth: 160, cell: (row) => <Select ariaLabel={t("field.type")} disabled={disabled} options={types} selectedOption={types.find((one) => one.value === row.Type) ?? null} onChange={({ detail }) => set(row.at, { Type: detail.selectedOption.value as TemplateRow["Type"] })} /> },
        {
          id: "default", header: t("taskTemplates.default"), minWidth: 180,
          cell: (row) => (
            <SpaceBetween size="xs">
              <Input ariaLabel={t("taskTemplates.default")} disabled={disabled} value={row.Default} onChange={({ detail }) => set(row.at, { Default: detail.value })} />
              {row.Type === "SINGLE_SELECT" && (
                <Input ariaLabel={t("taskTemplates.options")} placeholder={t("taskTemplates.options")} disabled={disabled} value={row.Options.join(", ")} onChange={({ detail }) => set(row.at, { Options: detail.value.split(",").map((one) => one.trim()).filter(Boolean) })} />
              )}
            </SpaceBetween>
          ),
        },
        {
          id: "marks", header: t("taskTemplates.rules"), minWidth: 150,
          cell: (row) => MARKS.map(([name, label]) => <Checkbox key={name} disabled={disabled} checked={row[name]} onChange={({ detail }) => set(row.at, { [name]: detail.checked })}>{t(label)}</Checkbox>),
        },
        {
          id: "order", header: t("taskTemplates.order"), width: 140,
          cell: (row) => (
            <SpaceBetween direction="horizontal" size="xxs">
              <Button formAction="none" variant="icon" iconName="angle-up" ariaLabel={t("taskTemplates.up")} disabled={disabled || row.at === 0} onClick={() => move(row.at, -1)} />
              <Button formAction="none" variant="icon" iconName="angle-down" ariaLabel={t("taskTemplates.down")} disabled={disabled || row.at === rows.length - 1} onClick={() => move(row.at, 1)} />
              <Button formAction="none" variant="icon" iconName="remove" ariaLabel={t("action.remove")} disabled={disabled || row.Type === "NAME"} onClick={() => onChange(rows.filter((_, at) => at !== row.at))} />
            </SpaceBetween>
          ),
        },
      ]}
      empty={<Box textAlign="center" color="inherit">{t("common.noData")}</Box>}
    />
  );
}
