import type { RuleTrigger } from "../../api/switchroom";
import { useI18n } from "../../i18n";
import { fieldOf, SEVERAL, type Condition } from "./rule";

export interface Words {
  field: (reference: string) => string;
  condition: (one: Condition) => string;
}

/** Fields and conditions as people say them. */
export function useWords(trigger: RuleTrigger | undefined): Words {
  const { t, code } = useI18n();
  const field = (reference: string): string => {
    const found = fieldOf(trigger, reference);
    if (!found) return reference;
    const key = found.Free && trigger?.Application === "CUSTOM" ? "Member" : reference.split(".").pop()!;
    const text = code("ruleField", key);
    return text === key ? found.Label : text;
  };
  const condition = (one: Condition): string => {
    const name = one.own ? `${field(one.field)} ${one.own}` : field(one.field);
    const values = one.operator === SEVERAL ? one.value.split("\n").filter(Boolean).join(", ") : one.value;
    return t(one.negate ? "rules.conditionNot" : "rules.condition", { field: name, operator: code("ruleOperator", one.operator), value: values });
  };
  return { field, condition };
}
