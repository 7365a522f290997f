import { type ReactNode } from "react";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Multiselect from "@cloudscape-design/components/multiselect";
import Select from "@cloudscape-design/components/select";
import Textarea from "@cloudscape-design/components/textarea";
import Toggle from "@cloudscape-design/components/toggle";
import { useI18n } from "../i18n";
import type { Draft, Field } from "./resource";
import { useChoices, type SourceName } from "./sources";

type AnyDraft = Draft & Record<string, unknown>;

interface Props {
  field: Field<AnyDraft>;
  draft: AnyDraft;
  isNew: boolean;
  disabled: boolean;
  problem: string;
  change: (part: Partial<AnyDraft>) => void;
}

/** The control a field's kind asks for, with its label, help and problem. */
export function FieldControl({ field, draft, isNew, disabled, problem, change }: Props): ReactNode {
  const { t } = useI18n();
  if (field.kind === "custom") return field.render({ draft, change, disabled, isNew, problem });
  const most = "most" in field ? field.most : undefined;
  const length = String(draft[field.name] ?? "").length;
  return (
    <FormField
      label={
        <>
          {t(field.label)}
          {!field.required && field.kind !== "toggle" && <i> – {t("form.optional")}</i>}
        </>
      }
      description={field.help && t(field.help)}
      errorText={problem}
      constraintText={most && t("form.counter", { count: length, most })}
    >
      <Control field={field} value={draft[field.name]} disabled={disabled} set={(value) => change({ [field.name]: value })} />
    </FormField>
  );
}

interface ControlProps {
  field: Exclude<Field<AnyDraft>, { kind: "custom" }>;
  value: unknown;
  disabled: boolean;
  set: (value: unknown) => void;
}

function Control({ field, value, disabled, set }: ControlProps): ReactNode {
  const { t } = useI18n();
  const text = value === undefined || value === null ? "" : String(value);
  switch (field.kind) {
    case "textarea":
      return <Textarea value={text} disabled={disabled} rows={3} onChange={({ detail }) => set(detail.value.slice(0, field.most))} />;
    case "number":
      return (
        <Input
          type="number"
          inputMode="numeric"
          value={text}
          disabled={disabled}
          nativeInputAttributes={{ min: field.min, max: field.max }}
          onChange={({ detail }) => set(detail.value === "" ? undefined : Number(detail.value))}
        />
      );
    case "toggle":
      return (
        <Toggle checked={Boolean(value)} disabled={disabled} onChange={({ detail }) => set(detail.checked)}>
          {t(value ? "common.on" : "common.off")}
        </Toggle>
      );
    case "select": {
      const options = field.options.map((one) => ({ value: one.value, label: t(one.label) }));
      return (
        <Select
          disabled={disabled}
          options={options}
          selectedOption={options.find((one) => one.value === value) ?? null}
          placeholder={t("form.choose")}
          onChange={({ detail }) => set(detail.selectedOption.value)}
        />
      );
    }
    case "reference":
      return <ReferenceSelect source={field.source} value={text} disabled={disabled} optional={!field.required} set={set} />;
    case "references":
      return <ReferenceMultiselect source={field.source} values={(value as string[] | undefined) ?? []} disabled={disabled} set={set} />;
    default:
      return (
        <Input
          type={field.kind}
          value={text}
          disabled={disabled}
          autoComplete={field.kind === "password" ? "new-password" : false}
          onChange={({ detail }) => set(detail.value.slice(0, field.most))}
        />
      );
  }
}

interface ReferenceSelectProps {
  source: SourceName;
  value: string;
  disabled?: boolean;
  optional?: boolean;
  /** What choosing nothing is called. */
  none?: string;
  set: (value: string | undefined) => void;
  ariaLabel?: string;
}

export function ReferenceSelect({ source, value, disabled, optional, none, set, ariaLabel }: ReferenceSelectProps): ReactNode {
  const { t } = useI18n();
  const { choices, loading, failed } = useChoices(source);
  const options = optional ? [{ value: "", label: none ?? t("form.none") }, ...choices] : choices;
  const selected = choices.find((one) => one.value === value) ?? (value ? { value, label: loading ? "…" : value } : null);
  return (
    <Select
      ariaLabel={ariaLabel}
      disabled={disabled}
      options={options}
      selectedOption={selected}
      statusType={loading ? "loading" : failed ? "error" : "finished"}
      filteringType="auto"
      virtualScroll={options.length > 200}
      placeholder={optional ? (none ?? t("form.none")) : t("form.choose")}
      empty={t("common.noData")}
      onChange={({ detail }) => set(detail.selectedOption.value || undefined)}
    />
  );
}

interface ReferenceMultiselectProps {
  source: SourceName;
  values: string[];
  disabled?: boolean;
  set: (values: string[]) => void;
  placeholder?: string;
}

export function ReferenceMultiselect({ source, values, disabled, set, placeholder }: ReferenceMultiselectProps): ReactNode {
  const { t } = useI18n();
  const { choices, loading, failed } = useChoices(source);
  return (
    <Multiselect
      disabled={disabled}
      options={choices}
      selectedOptions={values.map((value) => choices.find((one) => one.value === value) ?? { value, label: value })}
      statusType={loading ? "loading" : failed ? "error" : "finished"}
      filteringType="auto"
      virtualScroll={choices.length > 200}
      placeholder={placeholder ?? t("form.choose")}
      empty={t("common.noData")}
      onChange={({ detail }) => set(detail.selectedOptions.map((one) => one.value!))}
    />
  );
}
