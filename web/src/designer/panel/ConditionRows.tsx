import { useState, type ReactNode } from "react";
import Autosuggest from "@cloudscape-design/components/autosuggest";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import type { FlowConditionRows } from "../../api/switchroom";
import { useI18n } from "../../i18n";
import type { ConditionRow } from "../model/blocks";
import { usePanel } from "./context";
import { Group } from "./Group";
import { RowList } from "./RowList";
import { useIntents } from "./sources";
import { durationOf, labelOf, sharesOf, UNITS, type Unit } from "./values";
import { ValueInput } from "./ValueInput";

const KEYS = [..."1234567890*#"];
const MOST = 50;

interface Props {
  declared: FlowConditionRows;
  rows: readonly ConditionRow[];
  onChange: (rows: ConditionRow[]) => void;
}

/** The branches that the author adds: the first condition that holds is taken. */
export function ConditionRows({ declared, rows, onChange }: Props): ReactNode {
  const { t } = useI18n();
  const { issueAt } = usePanel();
  const percent = declared.Operand === "PERCENT";
  const rest = 100 - sharesOf(rows);
  const name = (row: ConditionRow, at: number): string => (row.operand ? titleOf(declared, row) : t("panel.condition", { number: at + 1 }));
  return (
    <Group
      label={t(percent ? "panel.shares" : "panel.conditions")}
      description={t(percent ? "panel.sharesHelp" : "panel.conditionsHelp")}
      problem={issueAt("rows")}
      hint={percent && rest >= 0 ? t("panel.rest", { percent: rest }) : undefined}
    >
      <RowList<ConditionRow>
        items={rows}
        ordered
        most={MOST}
        onChange={onChange}
        add={t(percent ? "panel.addShare" : "panel.addCondition")}
        blank={() => ({ operator: declared.Operators[0]?.Value ?? "Equals", operand: "" })}
        name={name}
        problem={(at) => issueAt(`row:${at}`)}
        render={(row, at, set) => <Row declared={declared} row={row} label={t("panel.condition", { number: at + 1 })} invalid={issueAt(`row:${at}`) !== ""} onChange={set} />}
      />
    </Group>
  );
}

function titleOf(declared: FlowConditionRows, row: ConditionRow): string {
  const operand = labelOf(declared.Choices, row.operand);
  const operator = declared.Operators.length > 1 ? `${labelOf(declared.Operators, row.operator)} ` : "";
  return declared.Label.includes("{}") ? declared.Label.replace("{}", () => operator + operand) : operator + operand;
}

interface RowProps {
  declared: FlowConditionRows;
  row: ConditionRow;
  label: string;
  invalid: boolean;
  onChange: (row: ConditionRow) => void;
}

function Row({ declared, row, label, invalid, onChange }: RowProps): ReactNode {
  const { t } = useI18n();
  const { readOnly } = usePanel();
  const operators = declared.Operators.map((one) => ({ value: one.Value, label: one.Label }));
  const unknown = row.operator && !operators.some((one) => one.value === row.operator) ? [{ value: row.operator, label: row.operator }] : [];
  const offered = [...operators, ...unknown];
  return (
    <div className={offered.length > 1 ? "panel-condition" : "panel-condition single"}>
      {offered.length > 1 && (
        <Select
          ariaLabel={`${label}: ${t("panel.operator")}`}
          disabled={readOnly}
          options={offered}
          selectedOption={offered.find((one) => one.value === row.operator) ?? null}
          expandToViewport
          onChange={({ detail }) => onChange({ ...row, operator: detail.selectedOption.value! })}
        />
      )}
      <Operand declared={declared} row={row} label={`${label}: ${t("panel.value")}`} invalid={invalid} onChange={(operand) => onChange({ ...row, operand })} />
    </div>
  );
}

interface OperandProps extends Omit<RowProps, "onChange"> {
  onChange: (operand: string) => void;
}

function Operand({ declared, row, label, invalid, onChange }: OperandProps): ReactNode {
  const { t } = useI18n();
  const { readOnly } = usePanel();
  const choices = declared.Operand === "KEY" ? KEYS.map((one) => ({ value: one, label: one })) : (declared.Choices ?? []).map((one) => ({ value: one.Value, label: one.Label }));
  if (declared.Operand === "PERCENT") {
    return (
      <div className="panel-beside">
        <div className="panel-short">
          <Input autoComplete={false} type="number" inputMode="numeric" ariaLabel={label} readOnly={readOnly} invalid={invalid} value={row.operand} nativeInputAttributes={{ min: 1, max: 100 }} onChange={({ detail }) => onChange(detail.value)} />
        </div>
        <span>%</span>
      </div>
    );
  }
  if (declared.Unit === "MILLISECONDS") return <Threshold row={row} label={label} invalid={invalid} onChange={onChange} />;
  if (declared.Operand === "INTENT") return <Intent row={row} label={label} invalid={invalid} onChange={onChange} />;
  const select =
    declared.Operand === "KEY" || (declared.Operand === "CHOICE" && choices.length) ? (
      <Select
        ariaLabel={label}
        disabled={readOnly}
        invalid={invalid}
        options={choices}
        selectedOption={choices.find((one) => one.value === row.operand) ?? (row.operand ? { value: row.operand, label: row.operand } : null)}
        placeholder={t(declared.Operand === "KEY" ? "panel.pressedKey" : "form.choose")}
        expandToViewport
        onChange={({ detail }) => onChange(detail.selectedOption.value!)}
      />
    ) : undefined;
  return (
    <ValueInput label={label} dynamic={declared.Dynamic ?? false} type={declared.Operand === "NUMBER" ? "number" : "text"} invalid={invalid} value={row.operand} onChange={onChange}>
      {select}
    </ValueInput>
  );
}

function Intent({ row, label, invalid, onChange }: Omit<OperandProps, "declared">): ReactNode {
  const { t } = useI18n();
  const { readOnly, botAlias } = usePanel();
  const intents = useIntents(botAlias);
  return (
    <Autosuggest
      ariaLabel={label}
      readOnly={readOnly}
      invalid={invalid}
      value={row.operand}
      placeholder={t("panel.intent")}
      options={intents.map((value) => ({ value }))}
      enteredTextLabel={(text) => t("panel.use", { text })}
      hideEnteredTextOption={!intents.length}
      empty={null}
      onChange={({ detail }) => onChange(detail.value)}
    />
  );
}

/** A time that is stored in milliseconds; older flows have seconds. */
function Threshold({ row, label, invalid, onChange }: Omit<OperandProps, "declared">): ReactNode {
  const { t, code } = useI18n();
  const { readOnly } = usePanel();
  const stored = Number(row.operand);
  const read = durationOf(stored % 1000 === 0 ? stored / 1000 : stored);
  const [unit, setUnit] = useState<Unit>(row.operand ? read.unit : "SECONDS");
  const seconds = read.amount * UNITS[read.unit];
  const amount = row.operand === "" || !Number.isFinite(stored) ? row.operand : String(seconds / UNITS[unit]);
  const write = (text: string, inUnit: Unit): void => onChange(text === "" || !Number.isFinite(Number(text)) ? text : String(Math.round(Number(text) * UNITS[inUnit]) * 1000));
  const units = (["SECONDS", "MINUTES", "HOURS"] as const).map((one) => ({ value: one, label: code("panel.unit", one) }));
  return (
    <div className="panel-threshold">
      <Input autoComplete={false} type="number" inputMode="numeric" ariaLabel={label} readOnly={readOnly} invalid={invalid} value={amount} onChange={({ detail }) => write(detail.value, unit)} />
      <Select
        ariaLabel={`${label}: ${t("panel.unitOf")}`}
        disabled={readOnly}
        options={units}
        selectedOption={units.find((one) => one.value === unit) ?? units[0]!}
        expandToViewport
        onChange={({ detail }) => {
          const next = detail.selectedOption.value as Unit;
          setUnit(next);
          write(amount, next);
        }}
      />
    </div>
  );
}
