import { useState, type ReactNode } from "react";
import Autosuggest from "@cloudscape-design/components/autosuggest";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import { useI18n } from "../../i18n";
import { usePanel } from "./context";
import { Captioned } from "./Group";
import { joinReference, namespacesFor, splitReference } from "./values";

interface Props {
  value: string;
  onChange: (reference: string) => void;
  /** Said before the labels of the two controls by screen readers. */
  label: string;
}

const TYPED = "";

/** A reference to an attribute: its namespace and key, or the JSONPath as it stands (BLK-005). */
export function ReferencePicker({ value, onChange, label }: Props): ReactNode {
  const { t } = useI18n();
  const { namespaces, flowType, readOnly } = usePanel();
  const offered = namespacesFor(namespaces, flowType);
  const parts = splitReference(value, namespaces);
  // What was chosen lasts while there is no key yet, from which it could be read.
  const [chosen, setChosen] = useState<string | null>(value ? parts.namespace : null);
  const current = parts.key && parts.namespace ? parts.namespace : chosen;
  const found = namespaces.find((one) => one.Label === current);
  const options = [...offered.map((one) => ({ value: one.Label, label: one.Label })), { value: TYPED, label: t("panel.typedPath") }];
  const known = (found?.Attributes ?? []).map((one) => ({ value: one.Path, label: one.Label, description: one.Path }));
  const key = found && parts.namespace === found.Label ? parts.key : found ? "" : value;

  const choose = (namespace: string): void => {
    setChosen(namespace);
    if (namespace !== current) onChange(namespace === TYPED ? value : "");
  };
  const write = (text: string): void => onChange(found ? joinReference({ namespace: found.Label, key: text }, namespaces) : text);

  return (
    <div className="panel-reference">
      <Captioned caption={t("panel.namespace")}>
        <Select
          ariaLabel={`${label}: ${t("panel.namespace")}`}
          disabled={readOnly}
          options={options}
          selectedOption={options.find((one) => one.value === current) ?? (found ? { value: found.Label, label: found.Label } : null)}
          placeholder={t("form.choose")}
          onChange={({ detail }) => choose(detail.selectedOption.value ?? TYPED)}
        />
      </Captioned>
      <Captioned caption={current === TYPED ? t("panel.path") : t("panel.key")}>
        {current === TYPED || !found ? (
          <Input autoComplete={false}
            ariaLabel={`${label}: ${t(current === TYPED ? "panel.path" : "panel.key")}`}
            readOnly={readOnly}
            disabled={current === null}
            value={key}
            placeholder={current === null ? "" : "$."}
            onChange={({ detail }) => write(detail.value)}
          />
        ) : found.Free ? (
          <Autosuggest
            ariaLabel={`${label}: ${t("panel.key")}`}
            readOnly={readOnly}
            value={key}
            options={known}
            enteredTextLabel={(text) => t("panel.use", { text })}
            hideEnteredTextOption={!known.length}
            empty={null}
            onChange={({ detail }) => write(detail.value)}
          />
        ) : (
          <Select
            ariaLabel={`${label}: ${t("panel.key")}`}
            disabled={readOnly}
            options={known}
            filteringType={known.length > 8 ? "auto" : "none"}
            selectedOption={known.find((one) => one.value === key) ?? null}
            placeholder={t("form.choose")}
            onChange={({ detail }) => write(detail.selectedOption.value ?? "")}
          />
        )}
      </Captioned>
    </div>
  );
}
