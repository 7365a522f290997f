import { useState, type ReactNode } from "react";
import Input from "@cloudscape-design/components/input";
import Link from "@cloudscape-design/components/link";
import Select from "@cloudscape-design/components/select";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import type { FlowField } from "../../api/switchroom";
import { useI18n } from "../../i18n";
import { usePanel } from "./context";
import { PlayPrompt } from "./PlayPrompt";
import { targetOf, useTargets } from "./sources";

interface Props {
  field: Pick<FlowField, "Path" | "Resource" | "FlowTypes" | "Required">;
  value: string;
  onChange: (value: string | undefined) => void;
  label: string;
  invalid?: boolean;
}

/** A resource of the instance; one that is not there is said to be missing, and can still be kept. */
export function ResourceControl({ field, value, onChange, label, invalid }: Props): ReactNode {
  const { t, code } = useI18n();
  const { readOnly, knownName, chose } = usePanel();
  const kind = field.Resource ?? "";
  const { state, targets } = useTargets(kind, field.FlowTypes);
  const [typing, setTyping] = useState(false);
  const found = value ? targetOf(targets, value) : undefined;
  const missing = state === "loaded" && value !== "" && !found;
  const name = found?.label ?? (knownName(field.Path) || value);
  const options = [
    ...(field.Required ? [] : [{ value: "", label: t("form.none") }]),
    ...targets.map(({ value: one, label: text, description }) => ({ value: one, label: text, description: kind === "contact-flow" ? code("flowType", description) : description, filteringTags: [one] })),
  ];
  if (typing || state === "failed") {
    return (
      <div className="panel-stack">
        <Input autoComplete={false} ariaLabel={label} readOnly={readOnly} invalid={invalid} value={value} placeholder="arn:" onChange={({ detail }) => onChange(detail.value.trim() || undefined)} />
        {state !== "failed" && <button type="button" className="panel-link" onClick={() => setTyping(false)}>{t("panel.chooseFromList")}</button>}
      </div>
    );
  }
  return (
    <div className="panel-stack">
      <div className="panel-beside">
        <div className="panel-grow">
          <Select
            ariaLabel={label}
            disabled={readOnly}
            invalid={invalid}
            options={options}
            selectedOption={value ? { value: found?.value ?? value, label: state === "loading" ? "…" : name } : null}
            statusType={state === "loading" ? "loading" : "finished"}
            filteringType={targets.length > 6 ? "auto" : "none"}
            virtualScroll={targets.length > 200}
            placeholder={t(field.Required ? "form.choose" : "form.none")}
            empty={t("common.noData")}
            expandToViewport
            onChange={({ detail }) => {
              const { value: chosen, label: text } = detail.selectedOption;
              if (chosen && text) chose(field.Path, text);
              onChange(chosen || undefined);
            }}
          />
        </div>
        {kind === "prompt" && found && <PlayPrompt prompt={value} name={name} />}
      </div>
      {missing && <StatusIndicator type="warning" wrapText>{t("panel.notHere", { name })}</StatusIndicator>}
      <div className="panel-links">
        {found?.page && <Link href={found.page} external variant="secondary" fontSize="body-s">{t("panel.open", { name: found.label })}</Link>}
        {!readOnly && <button type="button" className="panel-link" onClick={() => setTyping(true)}>{t("panel.typeArn")}</button>}
      </div>
    </div>
  );
}
