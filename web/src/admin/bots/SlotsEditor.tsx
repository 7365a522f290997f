import type { ReactNode } from "react";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Checkbox from "@cloudscape-design/components/checkbox";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useI18n } from "../../i18n";
import { moveBy, removeAt, replaceAt, SLOT_TYPES, slotsOf, withSlots, type Intent, type Slot, type SlotType } from "./definition";
import { PromptEditor } from "./PromptEditor";

interface Props {
  intent: Intent;
  types: SlotType[];
  disabled: boolean;
  onChange: (intent: Intent) => void;
}

/** What an intent needs to know, in the order in which it is asked for. */
export function SlotsEditor({ intent, types, disabled, onChange }: Props): ReactNode {
  const { t } = useI18n();
  const slots = slotsOf(intent);
  const change = (next: Slot[]): void => onChange(withSlots(intent, next));
  const add = (): void => change([...slots, { name: `Slot${slots.length + 1}`, slotTypeName: "AMAZON.Number", slotConstraint: "Required" }]);
  return (
    <Container header={<Header variant="h3" description={t("bots.slotsAbout")} actions={<Button disabled={disabled} onClick={add}>{t("bots.addSlot")}</Button>}>{t("bots.slots")}</Header>}>
      <SpaceBetween size="l">
        {!slots.length && <Box color="text-status-inactive">{t("bots.noSlots")}</Box>}
        {slots.map((slot, index) => (
          <SlotEditor
            key={index}
            slot={slot}
            types={types}
            disabled={disabled}
            onChange={(next) => change(replaceAt(slots, index, next))}
            onMove={(by) => change(moveBy(slots, index, by))}
            onRemove={() => change(removeAt(slots, index))}
          />
        ))}
      </SpaceBetween>
    </Container>
  );
}

interface OneProps {
  slot: Slot;
  types: SlotType[];
  disabled: boolean;
  onChange: (slot: Slot) => void;
  onMove: (by: number) => void;
  onRemove: () => void;
}

function SlotEditor({ slot, types, disabled, onChange, onMove, onRemove }: OneProps): ReactNode {
  const { t } = useI18n();
  const setting = slot.slotValueElicitationSetting ?? {};
  const retries = setting.promptSpecification?.maxRetries ?? 2;
  const options = [
    { label: t("bots.ownTypes"), options: types.map((type) => ({ value: type.name, label: type.name })) },
    { label: t("bots.builtinTypes"), options: SLOT_TYPES.map((name) => ({ value: name, label: name })) },
  ].filter((group) => group.options.length);
  const chosen = slot.slotTypeName ? { value: slot.slotTypeName, label: slot.slotTypeName } : null;
  const withPrompt = (part: object): void => onChange({ ...slot, slotValueElicitationSetting: { ...setting, promptSpecification: { ...setting.promptSpecification, ...part } } });
  return (
    <div className="bot-slot" role="group" aria-label={slot.name}>
      <SpaceBetween size="s">
        <ColumnLayout columns={3}>
          <FormField label={t("field.name")}>
            <Input readOnly={disabled} value={slot.name} onChange={({ detail }) => onChange({ ...slot, name: detail.value })} />
          </FormField>
          <FormField label={t("bots.slotType")}>
            <Select filteringType="auto" disabled={disabled} selectedOption={chosen} options={options} onChange={({ detail }) => onChange({ ...slot, slotTypeName: detail.selectedOption.value })} />
          </FormField>
          <FormField label={t("bots.retries")}>
            <Input type="number" inputMode="numeric" readOnly={disabled} value={String(retries)} onChange={({ detail }) => withPrompt({ maxRetries: Math.max(0, Number(detail.value) || 0) })} />
          </FormField>
        </ColumnLayout>
        <SpaceBetween direction="horizontal" size="l">
          <Checkbox disabled={disabled} checked={slot.slotConstraint === "Required"} onChange={({ detail }) => onChange({ ...slot, slotConstraint: detail.checked ? "Required" : "Optional" })}>
            {t("bots.required")}
          </Checkbox>
          <Checkbox
            disabled={disabled}
            checked={slot.multipleValuesSetting?.allowMutlipleValues ?? false}
            onChange={({ detail }) => onChange({ ...slot, multipleValuesSetting: { allowMutlipleValues: detail.checked } })}
          >
            {t("bots.several")}
          </Checkbox>
          {!disabled && (
            <SpaceBetween direction="horizontal" size="xxs">
              <Button variant="icon" iconName="angle-up" ariaLabel={t("bots.earlier", { name: slot.name })} onClick={() => onMove(-1)} />
              <Button variant="icon" iconName="angle-down" ariaLabel={t("bots.later", { name: slot.name })} onClick={() => onMove(1)} />
              <Button variant="icon" iconName="remove" ariaLabel={t("bots.removeSlot", { name: slot.name })} onClick={onRemove} />
            </SpaceBetween>
          )}
        </SpaceBetween>
        <PromptEditor label={t("bots.prompt")} prompt={setting.promptSpecification} disabled={disabled} onChange={withPrompt} />
      </SpaceBetween>
    </div>
  );
}
