import { useState, type ReactNode } from "react";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import Checkbox from "@cloudscape-design/components/checkbox";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Table from "@cloudscape-design/components/table";
import TokenGroup from "@cloudscape-design/components/token-group";
import type { TaskTemplateField } from "../../api/connect";
import { useI18n, type TextKey } from "../../i18n";

export type FieldType = NonNullable<TaskTemplateField["Type"]>;

export interface TemplateRow {
  Name: string;
  Description: string;
  Type: FieldType;
  Options: string[];
  Required: boolean;
  ReadOnly: boolean;
  Hidden: boolean;
  Default: string;
}

/** Types a template has at most one field of, and which the form asks for in parts of their own. */
export const APART: readonly FieldType[] = ["QUICK_CONNECT", "SELF_ASSIGN", "SCHEDULED_TIME", "EXPIRY_DURATION"];
const ADDED: readonly FieldType[] = ["TEXT", "TEXT_AREA", "NUMBER", "URL", "EMAIL", "DATE_TIME", "BOOLEAN", "SINGLE_SELECT"];
const MARKS: [keyof Pick<TemplateRow, "Required" | "ReadOnly" | "Hidden">, TextKey][] = [["Required", "taskTemplates.required"], ["ReadOnly", "taskTemplates.readOnly"], ["Hidden", "taskTemplates.hidden"]];

export function blankRow(Type: FieldType, Name = "", Required = false): TemplateRow {
  return { Name, Description: "", Type, Options: [], Required, ReadOnly: false, Hidden: false, Default: "" };
}

function freeName(wanted: string, taken: string[]): string {
  for (let number = 1; ; number++) {
    const name = number === 1 ? wanted : `${wanted} ${number}`;
    if (!taken.includes(name)) return name;
  }
}

/** What keeps rows from being saved. */
export function rowsProblem(rows: TemplateRow[]): TextKey | undefined {
  const names = rows.map((row) => row.Name.trim());
  if (names.some((name) => !name)) return "taskTemplates.nameMissing";
  if (new Set(names).size < names.length) return "taskTemplates.nameTwice";
  if (rows.some((row) => row.Type === "SINGLE_SELECT" && !row.Options.length)) return "taskTemplates.noOptions";
  if (rows.some((row) => row.Required && row.Hidden)) return "taskTemplates.hiddenRequired";
  return undefined;
}

interface Props {
  rows: TemplateRow[];
  disabled: boolean;
  problem?: string;
  onChange: (rows: TemplateRow[]) => void;
}

/** Fields of a task template in the order the agent sees them. */
export function TemplateFields({ rows, disabled, problem, onChange }: Props): ReactNode {
  const { t, code } = useI18n();
  const shown = rows.map((row, at) => ({ ...row, at })).filter((row) => !APART.includes(row.Type));
  const names = rows.map((row) => row.Name.trim());
  const set = (at: number, part: Partial<TemplateRow>): void => onChange(rows.map((row, index) => (index === at ? { ...row, ...part } : row)));
  const swap = (a: number, b: number): void => onChange(rows.map((row, index) => (index === a ? rows[b]! : index === b ? rows[a]! : row)));
  const types = [...(rows.some((row) => row.Type === "DESCRIPTION") ? [] : (["DESCRIPTION"] as const)), ...ADDED];
  return (
    <SpaceBetween size="s">
      <Table
        variant="embedded"
        wrapLines
        items={shown}
        trackBy="at"
        columnDefinitions={[
          {
            id: "name", header: t("field.name"), minWidth: 200, isRowHeader: true, verticalAlign: "top",
            cell: (row) => (
              <SpaceBetween size="xxs">
                <Input ariaLabel={t("field.name")} disabled={disabled} invalid={!row.Name.trim() || names.indexOf(row.Name.trim()) !== row.at} value={row.Name} onChange={({ detail }) => set(row.at, { Name: detail.value.slice(0, 100) })} />
                <Input ariaLabel={t("taskTemplates.helpOf", { name: row.Name })} placeholder={t("taskTemplates.help")} disabled={disabled} value={row.Description} onChange={({ detail }) => set(row.at, { Description: detail.value.slice(0, 255) })} />
              </SpaceBetween>
            ),
          },
          { id: "type", header: t("field.type"), width: 130, verticalAlign: "top", cell: (row) => code("taskField", row.Type) },
          { id: "default", header: t("taskTemplates.default"), minWidth: 200, verticalAlign: "top", cell: (row) => <Values row={row} disabled={disabled} onChange={(part) => set(row.at, part)} /> },
          {
            id: "marks", header: t("taskTemplates.rules"), width: 130, verticalAlign: "top",
            cell: (row) => MARKS.map(([name, label]) => <Checkbox key={name} disabled={disabled || (row.Type === "NAME" && name === "Required")} checked={row[name]} onChange={({ detail }) => set(row.at, { [name]: detail.checked })}>{t(label)}</Checkbox>),
          },
          {
            id: "order", header: t("taskTemplates.order"), width: 160, verticalAlign: "top",
            cell: (row) => {
              const place = shown.findIndex((one) => one.at === row.at);
              const button = (icon: "angle-up" | "angle-down" | "remove", label: string, off: boolean, act: () => void): ReactNode => (
                <Button formAction="none" variant="icon" iconName={icon} ariaLabel={label} disabled={disabled || off} onClick={act} />
              );
              return (
                <SpaceBetween direction="horizontal" size="xxs">
                  {button("angle-up", t("taskTemplates.upOf", { name: row.Name }), place === 0, () => swap(row.at, shown[place - 1]!.at))}
                  {button("angle-down", t("taskTemplates.downOf", { name: row.Name }), place === shown.length - 1, () => swap(row.at, shown[place + 1]!.at))}
                  {button("remove", t("taskTemplates.removeOf", { name: row.Name }), row.Type === "NAME", () => onChange(rows.filter((_, at) => at !== row.at)))}
                </SpaceBetween>
              );
            },
          },
        ]}
        empty={<Box textAlign="center" color="inherit">{t("common.noData")}</Box>}
      />
      <ButtonDropdown
        disabled={disabled}
        items={types.map((one) => ({ id: one, text: code("taskField", one) }))}
        onItemClick={({ detail }) => onChange([...rows, blankRow(detail.id as FieldType, freeName(code("taskField", detail.id), names))])}
      >
        {t("taskTemplates.addField")}
      </ButtonDropdown>
      {problem && (
        <div role="alert">
          <StatusIndicator type="error">{problem}</StatusIndicator>
        </div>
      )}
    </SpaceBetween>
  );
}

interface ValuesProps {
  row: TemplateRow;
  disabled: boolean;
  onChange: (part: Partial<TemplateRow>) => void;
}

/** The value a field begins with and, of a choice, what can be chosen. */
function Values({ row, disabled, onChange }: ValuesProps): ReactNode {
  const { t } = useI18n();
  const label = t("taskTemplates.defaultOf", { name: row.Name });
  if (row.Type === "SINGLE_SELECT" || row.Type === "BOOLEAN") {
    const choices = row.Type === "BOOLEAN" ? [{ value: "true", label: t("common.yes") }, { value: "false", label: t("common.no") }] : row.Options.map((one) => ({ value: one, label: one }));
    const options = [{ value: "", label: t("form.none") }, ...choices];
    return (
      <SpaceBetween size="xxs">
        {row.Type === "SINGLE_SELECT" && <Options row={row} disabled={disabled} onChange={onChange} />}
        <Select ariaLabel={label} disabled={disabled} options={options} selectedOption={options.find((one) => one.value === row.Default) ?? null} placeholder={t("form.none")} onChange={({ detail }) => onChange({ Default: detail.selectedOption.value ?? "" })} />
      </SpaceBetween>
    );
  }
  const placeholder = row.Type === "DATE_TIME" ? "2026-01-31T09:00:00Z" : row.Type === "URL" ? "https://" : "";
  return <Input ariaLabel={label} disabled={disabled} placeholder={placeholder} value={row.Default} onChange={({ detail }) => onChange({ Default: detail.value.slice(0, 4096) })} />;
}

function Options({ row, disabled, onChange }: ValuesProps): ReactNode {
  const { t } = useI18n();
  const [text, setText] = useState("");
  const add = (): void => {
    const given = text.split(",").map((one) => one.trim().slice(0, 100)).filter((one) => one && !row.Options.includes(one));
    if (given.length) onChange({ Options: [...row.Options, ...new Set(given)] });
    setText("");
  };
  const remove = (at: number): void => {
    const gone = row.Options[at];
    onChange({ Options: row.Options.filter((_, index) => index !== at), ...(gone === row.Default ? { Default: "" } : {}) });
  };
  return (
    <SpaceBetween size="xxs">
      {row.Options.length > 0 && (
        <TokenGroup items={row.Options.map((one) => ({ label: one, dismissLabel: t("taskTemplates.removeOf", { name: one }), disabled }))} onDismiss={({ detail }) => remove(detail.itemIndex)} />
      )}
      <Input
        ariaLabel={t("taskTemplates.options")}
        placeholder={t("taskTemplates.options")}
        disabled={disabled}
        value={text}
        onChange={({ detail }) => setText(detail.value)}
        onBlur={add}
        onKeyDown={(event) => {
          if (event.detail.key !== "Enter") return;
          event.preventDefault();
          add();
        }}
      />
    </SpaceBetween>
  );
}
