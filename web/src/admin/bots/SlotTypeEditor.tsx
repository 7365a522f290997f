import { useState, type ReactNode } from "react";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import Toggle from "@cloudscape-design/components/toggle";
import { useI18n } from "../../i18n";
import { valuesText, withValuesText, type SlotType } from "./definition";

interface Props {
  type: SlotType;
  disabled: boolean;
  onChange: (type: SlotType) => void;
}

/** A list of values with their synonyms, or a pattern. */
export function SlotTypeEditor({ type, disabled, onChange }: Props): ReactNode {
  const { t } = useI18n();
  const [text, setText] = useState(() => valuesText(type));
  const setting = type.valueSelectionSetting ?? {};
  const pattern = setting.regexFilter?.pattern ?? "";
  return (
    <Container header={<Header variant="h3">{t("bots.slotType")}</Header>}>
      <SpaceBetween size="m">
        <FormField label={t("field.name")}>
          <Input readOnly={disabled} value={type.name} onChange={({ detail }) => onChange({ ...type, name: detail.value.trim() })} />
        </FormField>
        <FormField label={t("bots.values")} description={t("bots.valuesAbout")} stretch>
          <Textarea
            readOnly={disabled}
            rows={8}
            placeholder={t("bots.valuesExample")}
            value={text}
            onChange={({ detail }) => {
              setText(detail.value);
              onChange(withValuesText(type, detail.value));
            }}
          />
        </FormField>
        <Toggle
          disabled={disabled}
          checked={setting.resolutionStrategy === "TOP_RESOLUTION"}
          onChange={({ detail }) => onChange({ ...type, valueSelectionSetting: { ...setting, resolutionStrategy: detail.checked ? "TOP_RESOLUTION" : "ORIGINAL_VALUE" } })}
        >
          {t("bots.onlyThese")}
        </Toggle>
        <FormField label={t("bots.pattern")} description={t("bots.patternAbout")}>
          <Input
            readOnly={disabled}
            value={pattern}
            onChange={({ detail }) =>
              onChange({
                ...type,
                parentSlotTypeSignature: detail.value ? (type.parentSlotTypeSignature ?? "AMAZON.AlphaNumeric") : null,
                valueSelectionSetting: { ...setting, regexFilter: detail.value ? { pattern: detail.value } : null },
              })
            }
          />
        </FormField>
      </SpaceBetween>
    </Container>
  );
}
