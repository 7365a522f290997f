import { type ReactNode } from "react";
import Autosuggest from "@cloudscape-design/components/autosuggest";
import Button from "@cloudscape-design/components/button";
import Checkbox from "@cloudscape-design/components/checkbox";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import Textarea from "@cloudscape-design/components/textarea";
import type { RuleTrigger } from "../../api/switchroom";
import { useI18n } from "../../i18n";
import { fieldOf, SEVERAL, type Condition } from "./rule";
import { useWords } from "./words";

interface Props {
  condition: Condition;
  trigger: RuleTrigger;
  tried: boolean;
  onChange: (part: Partial<Condition>) => void;
  onRemove: () => void;
}

/** One comparison: field, operator, value, and whether it must not hold. */
export function ConditionRow({ condition, trigger, tried, onChange, onRemove }: Props): ReactNode {
  const { t, code } = useI18n();
  const words = useWords(trigger);
  const field = fieldOf(trigger, condition.field);
  const operators = field?.Operators ?? [];
  const missing = tried && !condition.value.trim() ? t("rules.missing") : undefined;
  const value = (detail: string): void => onChange({ value: detail });
  return (
    <div className={`rule-condition${field?.Free ? " rule-condition-own" : ""}`} role="group" aria-label={words.condition(condition)}>
      <FormField label={t("rules.field")}>
        <Select
          filteringType={trigger.Fields.length > 8 ? "auto" : "none"} selectedOption={field ? { value: field.ComparisonValue, label: words.field(field.ComparisonValue) } : null}
          options={trigger.Fields.map((one) => ({ value: one.ComparisonValue, label: words.field(one.ComparisonValue) }))}
          onChange={({ detail }) => {
            const next = fieldOf(trigger, detail.selectedOption.value!);
            onChange({ field: detail.selectedOption.value!, own: "", value: "", operator: next?.Operators.includes(condition.operator) ? condition.operator : (next?.Operators[0] ?? "EQUALS") });
          }}
        />
      </FormField>
      {field?.Free && (
        <FormField label={t("rules.own")} errorText={tried && !condition.own.trim() ? t("rules.missing") : undefined}>
          <Input value={condition.own} placeholder={trigger.Application === "CUSTOM" ? "order.total" : "Region__c"} onChange={({ detail }) => onChange({ own: detail.value })} />
        </FormField>
      )}
      <FormField label={t("rules.operator")}>
        <Select
          selectedOption={{ value: condition.operator, label: code("ruleOperator", condition.operator) }} disabled={operators.length < 2}
          options={operators.map((one) => ({ value: one, label: code("ruleOperator", one) }))} onChange={({ detail }) => onChange({ operator: detail.selectedOption.value! })}
        />
      </FormField>
      <FormField label={condition.operator === SEVERAL ? t("rules.values") : t("rules.value")} errorText={missing}>
        {condition.operator === SEVERAL ? (
          <Textarea value={condition.value} rows={2} onChange={({ detail }) => value(detail.value)} />
        ) : field?.Values.length ? (
          <Autosuggest value={condition.value} options={field.Values.map((one) => ({ value: one }))} filteringType="none" enteredTextLabel={(text) => text} ariaLabel={t("rules.value")} onChange={({ detail }) => value(detail.value)} />
        ) : (
          <Input value={condition.value} onChange={({ detail }) => value(detail.value)} />
        )}
      </FormField>
      <Checkbox checked={condition.negate} onChange={({ detail }) => onChange({ negate: detail.checked })}>{t("rules.negate")}</Checkbox>
      <Button variant="icon" iconName="remove" ariaLabel={t("rules.removeCondition")} onClick={onRemove} />
    </div>
  );
}
