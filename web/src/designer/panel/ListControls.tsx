import { useState, type ReactNode } from "react";
import Autosuggest from "@cloudscape-design/components/autosuggest";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import { useI18n } from "../../i18n";
import { usePanel } from "./context";
import { FieldGroups } from "./FieldView";
import { Captioned } from "./Group";
import { JsonControl } from "./JsonControl";
import { RowList } from "./RowList";
import type { ControlProps } from "./SimpleControls";
import { isRecord, labelOf, namesOf, pairsOf, storedPairs, storedTaskReferences, taskReferencesOf, type Values } from "./values";
import { ValueInput } from "./ValueInput";

/** Keys with a value each; as JSON where values are more than texts. */
export function PairsControl(props: ControlProps): ReactNode {
  const { t } = useI18n();
  const [asJson, setAsJson] = useState(false);
  return (
    <div className="panel-stack">
      {asJson ? <JsonControl object place={props.place} label={props.label} value={props.value ?? {}} onChange={props.onChange} /> : <Pairs {...props} />}
      <button type="button" className="panel-link" onClick={() => setAsJson(!asJson)}>
        {t(asJson ? "panel.asRows" : "panel.asJson")}
      </button>
    </div>
  );
}

function Pairs({ field, value, onChange, label }: ControlProps): ReactNode {
  const { t } = useI18n();
  const { readOnly } = usePanel();
  const [before] = useState(value);
  const [rows, setRows] = useState(() => pairsOf(value));
  const keys = (field.Choices ?? []).map((one) => ({ value: one.Value, label: one.Label }));
  return (
    <RowList
      items={rows}
      most={field.High}
      onChange={(next) => {
        setRows(next);
        onChange(storedPairs(next, field.Path, before));
      }}
      add={t("panel.addRow")}
      of={label}
      blank={() => ({ key: "", value: "" })}
      name={(one, at) => one.key || String(at + 1)}
      problem={(at) => (rows[at]!.key && rows.findIndex((one) => one.key === rows[at]!.key) < at ? t("panel.twice") : !rows[at]!.key && rows[at]!.value ? t("panel.empty") : "")}
      render={(row, at, set) => (
        <div className="panel-pair">
          <Captioned caption={t("panel.key")}>
            {keys.length ? (
              <Autosuggest ariaLabel={`${label} ${at + 1}: ${t("panel.key")}`} readOnly={readOnly} value={row.key} options={keys} enteredTextLabel={(text) => t("panel.use", { text })} onChange={({ detail }) => set({ ...row, key: detail.value })} />
            ) : (
              <Input autoComplete={false} ariaLabel={`${label} ${at + 1}: ${t("panel.key")}`} readOnly={readOnly} value={row.key} onChange={({ detail }) => set({ ...row, key: detail.value })} />
            )}
          </Captioned>
          <Captioned caption={t("panel.value")}>
            <ValueInput label={`${label} ${at + 1}: ${t("panel.value")}`} dynamic={field.Dynamic} value={row.value} onChange={(next) => set({ ...row, value: next })} />
          </Captioned>
        </div>
      )}
    />
  );
}

/** A list of texts, one a row. */
export function NamesControl({ field, value, onChange, label }: ControlProps): ReactNode {
  const { t } = useI18n();
  const { readOnly } = usePanel();
  const [rows, setRows] = useState(() => namesOf(value));
  const choices = (field.Choices ?? []).map((one) => ({ value: one.Value, label: one.Label }));
  return (
    <RowList
      items={rows}
      most={field.High}
      onChange={(next) => {
        setRows(next);
        const filled = next.filter(Boolean);
        onChange(filled.length ? filled : undefined);
      }}
      add={t("panel.addRow")}
      of={label}
      blank={() => ""}
      name={(one, at) => labelOf(field.Choices, one) || String(at + 1)}
      render={(row, at, set) => (
        <ValueInput label={`${label} ${at + 1}`} dynamic={field.Dynamic} value={row} onChange={set}>
          {choices.length ? (
            <Autosuggest ariaLabel={`${label} ${at + 1}`} readOnly={readOnly} value={row} options={choices} enteredTextLabel={(text) => t("panel.use", { text })} onChange={({ detail }) => set(detail.value)} />
          ) : undefined}
        </ValueInput>
      )}
    />
  );
}

const REFERENCE_TYPES = ["URL", "STRING", "NUMBER", "DATE", "EMAIL", "ATTACHMENT"] as const;

/** References of a task: a name, a type and a value each. */
export function TaskReferencesControl({ value, onChange, label }: ControlProps): ReactNode {
  const { t, code } = useI18n();
  const { readOnly } = usePanel();
  const [rows, setRows] = useState(() => taskReferencesOf(value));
  return (
    <RowList
      items={rows}
      onChange={(next) => {
        setRows(next);
        onChange(storedTaskReferences(next));
      }}
      add={t("panel.addRow")}
      of={label}
      blank={() => ({ name: "", type: "URL", value: "" })}
      name={(one, at) => one.name || String(at + 1)}
      render={(row, at, set) => {
        const types = [...new Set([...REFERENCE_TYPES, row.type])].map((one) => ({ value: one, label: code("panel.referenceType", one) }));
        return (
          <>
            <div className="panel-pair">
              <Captioned caption={t("field.name")}>
                <Input autoComplete={false} ariaLabel={`${label} ${at + 1}: ${t("field.name")}`} readOnly={readOnly} value={row.name} onChange={({ detail }) => set({ ...row, name: detail.value })} />
              </Captioned>
              <Captioned caption={t("field.type")}>
                <Select ariaLabel={`${label} ${at + 1}: ${t("field.type")}`} disabled={readOnly} options={types} selectedOption={types.find((one) => one.value === row.type)!} onChange={({ detail }) => set({ ...row, type: detail.selectedOption.value! })} />
              </Captioned>
            </div>
            <Captioned caption={t("panel.value")}>
              <ValueInput label={`${label} ${at + 1}: ${t("panel.value")}`} value={row.value} onChange={(next) => set({ ...row, value: next })} />
            </Captioned>
          </>
        );
      }}
    />
  );
}

/** Rows of fields, as the catalogue declares them. */
export function RowsControl({ field, value, onChange, label }: ControlProps): ReactNode {
  const { t } = useI18n();
  const rows = Array.isArray(value) ? value.map((one) => (isRecord(one) ? one : {})) : [];
  return (
    <RowList<Values>
      items={rows}
      ordered
      most={field.High}
      onChange={(next) => onChange(next.length ? next : undefined)}
      add={t("panel.addRow")}
      of={label}
      blank={() => ({})}
      name={(_, at) => String(at + 1)}
      render={(row, at, set) => <FieldGroups part="field" prefix={`${field.Path}.${at}.`} fields={field.Fields ?? []} values={row} onChange={set} variant={null} />}
    />
  );
}
