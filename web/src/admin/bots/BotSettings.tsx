import type { ReactNode } from "react";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import RadioGroup from "@cloudscape-design/components/radio-group";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import type { BotEngine } from "../../api/switchroom";
import { useI18n } from "../../i18n";
import { useSession } from "../../shared/session";
import type { Definition, LegacyPrompt } from "./definition";

export interface BotDraft {
  name: string;
  description: string;
  engine: BotEngine;
  definition: Definition;
}

interface Props {
  draft: BotDraft;
  disabled: boolean;
  onChange: (part: Partial<BotDraft>) => void;
}

/** What holds for the whole bot. */
export function BotSettings({ draft, disabled, onChange }: Props): ReactNode {
  const { t } = useI18n();
  const { bot } = draft.definition;
  const setBot = (part: Partial<Definition["bot"]>): void => onChange({ definition: { ...draft.definition, bot: { ...bot, ...part } } });
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">{t("bots.settings")}</Header>}>
        <SpaceBetween size="m">
          <FormField label={t("field.name")} description={t("bots.nameAbout")}>
            <Input readOnly={disabled} value={draft.name} onChange={({ detail }) => onChange({ name: detail.value })} />
          </FormField>
          <FormField label={t("field.description")}>
            <Input readOnly={disabled} value={draft.description} onChange={({ detail }) => onChange({ description: detail.value.slice(0, 200) })} />
          </FormField>
          <FormField label={t("bots.timeout")} description={t("bots.timeoutAbout")}>
            <Input type="number" readOnly={disabled} value={String(bot.idleSessionTTLInSeconds ?? 300)} onChange={({ detail }) => setBot({ idleSessionTTLInSeconds: Number(detail.value) })} />
          </FormField>
        </SpaceBetween>
      </Container>
      <Engine draft={draft} disabled={disabled} onChange={onChange} />
      <Container header={<Header variant="h2" description={t("bots.legacyAbout")}>{t("bots.legacy")}</Header>}>
        <SpaceBetween size="m">
          <LegacyText label={t("bots.clarify")} placeholder={t("bots.clarifyDefault")} prompt={bot.clarificationPrompt} disabled={disabled} onChange={(clarificationPrompt) => setBot({ clarificationPrompt })} />
          <LegacyText label={t("bots.abort")} placeholder={t("bots.abortDefault")} prompt={bot.abortStatement} disabled={disabled} onChange={(abortStatement) => setBot({ abortStatement })} />
        </SpaceBetween>
      </Container>
    </SpaceBetween>
  );
}

function Engine({ draft, disabled, onChange }: Props): ReactNode {
  const { t, code } = useI18n();
  const { may } = useSession();
  const { engine } = draft;
  const locked = disabled || !may("SecurityProfiles.Edit");
  const set = (part: Partial<BotEngine>): void => onChange({ engine: { ...engine, ...part } });
  return (
    <Container header={<Header variant="h2" description={t("bots.engineAbout")}>{t("bots.engine")}</Header>}>
      <SpaceBetween size="m">
        <RadioGroup
          ariaLabel={t("bots.engine")}
          value={engine.Type}
          onChange={({ detail }) => set({ Type: detail.value as BotEngine["Type"] })}
          items={(["OWN", "LLM", "LEX"] as const).map((value) => ({ value, label: code("botEngine", value), description: code("botEngineAbout", value), disabled: locked }))}
        />
        {engine.Type === "LLM" && (
          <>
            <FormField label={t("bots.url")} description={t("bots.urlAbout")}>
              <Input readOnly={locked} value={engine.Url ?? ""} placeholder="https://llm.example.com/v1" onChange={({ detail }) => set({ Url: detail.value.trim() })} />
            </FormField>
            <FormField label={t("bots.model")}>
              <Input readOnly={locked} value={engine.Model ?? ""} onChange={({ detail }) => set({ Model: detail.value.trim() })} />
            </FormField>
            <FormField label={t("bots.key")} description={engine.KeySet ? t("bots.keySet") : undefined}>
              <Input type="password" autoComplete={false} readOnly={locked} value={engine.Key ?? ""} onChange={({ detail }) => set({ Key: detail.value || undefined })} />
            </FormField>
          </>
        )}
        {engine.Type === "LEX" && (
          <FormField label={t("bots.lexArn")} description={t("bots.lexArnAbout")}>
            <Input readOnly={locked} value={engine.AliasArn ?? ""} placeholder="arn:aws:lex:…:bot-alias/…" onChange={({ detail }) => set({ AliasArn: detail.value.trim() })} />
          </FormField>
        )}
      </SpaceBetween>
    </Container>
  );
}

interface LegacyProps {
  label: string;
  placeholder: string;
  prompt: LegacyPrompt | undefined;
  disabled: boolean;
  onChange: (prompt: LegacyPrompt | undefined) => void;
}

/** One text of a bot of the first generation (FLOW-15). */
function LegacyText({ label, placeholder, prompt, disabled, onChange }: LegacyProps): ReactNode {
  return (
    <FormField label={label}>
      <Textarea
        readOnly={disabled}
        rows={2}
        placeholder={placeholder}
        value={prompt?.messages?.[0]?.content ?? ""}
        onChange={({ detail }) => onChange(detail.value ? { ...prompt, messages: [{ contentType: "PlainText", content: detail.value }, ...(prompt?.messages ?? []).slice(1)] } : undefined)}
      />
    </FormField>
  );
}
