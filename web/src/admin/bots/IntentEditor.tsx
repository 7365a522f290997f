import type { ReactNode } from "react";
import Box from "@cloudscape-design/components/box";
import Checkbox from "@cloudscape-design/components/checkbox";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import Toggle from "@cloudscape-design/components/toggle";
import { useI18n } from "../../i18n";
import { FALLBACK, linesOf, longLines, withLines, type Intent, type SlotType } from "./definition";
import { PromptEditor } from "./PromptEditor";
import { SlotsEditor } from "./SlotsEditor";

interface Props {
  intent: Intent;
  types: SlotType[];
  disabled: boolean;
  onChange: (intent: Intent) => void;
}

/** One thing that customers want: how they say it, what it needs, what the bot says to it (FLOW-148). */
export function IntentEditor({ intent, types, disabled, onChange }: Props): ReactNode {
  const { t } = useI18n();
  const lines = linesOf(intent);
  const long = longLines(lines);
  const fallback = intent.parentIntentSignature === FALLBACK;
  const confirmation = intent.intentConfirmationSetting;
  const confirms = Boolean(confirmation && confirmation.isActive !== false);
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h3">{t("bots.intent")}</Header>}>
        <SpaceBetween size="m">
          <FormField label={t("field.name")} description={t("bots.intentName")}>
            <Input readOnly={disabled} value={intent.name} onChange={({ detail }) => onChange({ ...intent, name: detail.value.trim() })} />
          </FormField>
          {!fallback && (
            <FormField
              label={t("bots.utterances")}
              description={t("bots.utterancesAbout", { order: "{order}" })}
              constraintText={t("bots.utterancesMost")}
              errorText={long.length ? t("bots.longLines", { lines: long.join(", ") }) : ""}
              stretch
            >
              <Textarea readOnly={disabled} rows={8} value={lines} onChange={({ detail }) => onChange(withLines(intent, detail.value))} />
            </FormField>
          )}
          <PromptEditor
            label={t("bots.initial")}
            disabled={disabled}
            prompt={intent.initialResponseSetting?.initialResponse}
            onChange={(initialResponse) => onChange({ ...intent, initialResponseSetting: { ...intent.initialResponseSetting, initialResponse } })}
          />
        </SpaceBetween>
      </Container>
      {!fallback && <SlotsEditor intent={intent} types={types} disabled={disabled} onChange={onChange} />}
      <Container header={<Header variant="h3">{t("bots.ending")}</Header>}>
        <SpaceBetween size="m">
          <Toggle
            disabled={disabled}
            checked={confirms}
            onChange={({ detail }) => onChange({ ...intent, intentConfirmationSetting: { ...confirmation, isActive: detail.checked } })}
          >
            {t("bots.confirms")}
          </Toggle>
          {confirms && (
            <>
              <PromptEditor
                label={t("bots.confirmation")}
                disabled={disabled}
                prompt={confirmation?.promptSpecification}
                onChange={(promptSpecification) => onChange({ ...intent, intentConfirmationSetting: { ...confirmation, promptSpecification } })}
              />
              <PromptEditor
                label={t("bots.decline")}
                disabled={disabled}
                prompt={confirmation?.declinationResponse}
                onChange={(declinationResponse) => onChange({ ...intent, intentConfirmationSetting: { ...confirmation, declinationResponse } })}
              />
            </>
          )}
          <PromptEditor
            label={t("bots.closing")}
            description={t("bots.closingAbout", { order: "{order}" })}
            disabled={disabled}
            prompt={intent.intentClosingSetting?.closingResponse}
            onChange={(closingResponse) => onChange({ ...intent, intentClosingSetting: { ...intent.intentClosingSetting, closingResponse, isActive: true } })}
          />
          <div role="group" aria-label={t("bots.hooks")}>
            <SpaceBetween size="xxs">
              <Box variant="awsui-key-label">{t("bots.hooks")}</Box>
              <Box color="text-body-secondary" fontSize="body-s">{t("bots.hooksAbout")}</Box>
              <Checkbox disabled={disabled} checked={intent.dialogCodeHook?.enabled ?? false} onChange={({ detail }) => onChange({ ...intent, dialogCodeHook: { ...intent.dialogCodeHook, enabled: detail.checked } })}>
                {t("bots.dialogHook")}
              </Checkbox>
              <Checkbox disabled={disabled} checked={intent.fulfillmentCodeHook?.enabled ?? false} onChange={({ detail }) => onChange({ ...intent, fulfillmentCodeHook: { ...intent.fulfillmentCodeHook, enabled: detail.checked } })}>
                {t("bots.fulfilmentHook")}
              </Checkbox>
            </SpaceBetween>
          </div>
        </SpaceBetween>
      </Container>
    </SpaceBetween>
  );
}
